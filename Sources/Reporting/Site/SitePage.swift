internal import Foundation
internal import InputFiles

/// A page of the site: the frame around its contents.
///
/// Pages work from `file://`: everything is relative, nothing is loaded but pictures of the site,
/// and the policy in the head lets no other style or script run than those written here.
struct SitePage: Sendable {
    /// The page's path below the site.
    let path: String
    let title: String
    /// Links above the title, outermost first.
    let trail: [(title: String, path: String)]
    /// True if the page has samples to filter and walk through.
    var hasScript = false
    let content: [MarkupNode]

    /// The page as a file of the report.
    var file: ReportFile { ReportFile("site/" + path, MarkupWriter.page(html)) }

    private var html: MarkupNode {
        .node("html", [MarkupAttribute("lang", "en")], [head, body])
    }

    private var head: MarkupNode {
        .node(
            "head",
            [],
            [
                .node("meta", [MarkupAttribute("charset", "utf-8")], []),
                meta("viewport", "width=device-width, initial-scale=1"),
                .node(
                    "meta",
                    [
                        MarkupAttribute("http-equiv", "Content-Security-Policy"),
                        MarkupAttribute("content", policy),
                    ],
                    []
                ),
                meta("referrer", "no-referrer"), meta("color-scheme", "light dark"),
                .node("title", [], title + " · idefics-eval"),
                .node("style", [], SiteStyle.parts.map(MarkupNode.literal)),
            ]
        )
    }

    private var body: MarkupNode {
        let links = trail.flatMap { title, path -> [MarkupNode] in
            [
                .node("a", [.link(PageLink(to: path, from: self.path))], title),
                .node("span", [MarkupAttribute("aria-hidden", "true")], " › "),
            ]
        }
        let nav = MarkupNode.node(
            "nav",
            [MarkupAttribute("aria-label", "Where this page is")],
            links + [.node("span", [MarkupAttribute("aria-current", "page")], title)]
        )
        let script = MarkupNode.node("script", [], [.literal(SiteScript.code)])
        return .node(
            "body",
            [],
            [.node("header", [], [nav]), .node("main", [], content)] + (hasScript ? [script] : [])
        )
    }

    private var policy: String {
        var rules = [
            "default-src 'none'", "img-src 'self' file:",
            "style-src '\(Self.hash(SiteStyle.parts))'",
        ]
        if hasScript { rules.append("script-src '\(Self.hash([SiteScript.code]))'") }
        return (rules + ["base-uri 'none'", "form-action 'none'"]).joined(separator: "; ")
    }

    private func meta(_ name: String, _ content: String) -> MarkupNode {
        .node("meta", [MarkupAttribute("name", name), MarkupAttribute("content", content)], [])
    }

    private static func hash(_ parts: [StaticString]) -> String {
        let digest = SHA256Digest(of: parts.map(\.description).joined().utf8)
        return "sha256-" + Data(digest.bytes).base64EncodedString()
    }
}
