import EvalCore
import Foundation
import InputFiles
import Reporting
import TestSupport
import Testing

/// The site's pages: valid, safe, without a network, the same each time.
struct SiteTests {
    @Test func samplePageIsAsRecorded() throws {
        let pages = try Self.pages(ReportFixture())
        let page = try #require(pages.first { $0.path == "site/runs/run8-samples.html" })
        try golden(Self.body(page), named: "report/samples.html")
    }

    @Test func runPageIsAsRecorded() throws {
        let pages = try Self.pages(ReportFixture())
        let page = try #require(pages.first { $0.path == "site/runs/run8.html" })
        try golden(Self.body(page), named: "report/run.html")
    }

    @Test func comparisonIsAsRecorded() throws {
        let pages = try Self.pages(ReportFixture())
        let page = try #require(pages.first { $0.path == "site/compare/run4-run8.html" })
        try golden(Self.body(page), named: "report/comparison.html")
    }

    @Test func listOfRunsIsAsRecorded() throws {
        let pages = try Self.pages(ReportFixture())
        try golden(Self.body(try #require(pages.last)), named: "report/index.html")
    }

    @Test func theSameRunsGiveTheSameBytes() throws {
        #expect(try Self.pages(ReportFixture()) == Self.pages(ReportFixture()))
    }

    @Test(arguments: HostileTexts.all)
    func dataAddsNoElementAndNoAttributeAndLinksStayInside(text: String) throws {
        let elements = try Self.elements(ReportFixture(text: text))
        #expect(Self.shapes(elements) == Self.harmless)
        for element in elements {
            for name in ["href", "src"] {
                guard let link = element.value(name) else { continue }
                #expect(Self.isInside(link), "\(link)")
            }
        }
    }

    @Test func thereAreSixtyHostileTexts() {
        #expect(Set(HostileTexts.all).count >= 60)
    }

    @Test func everyLinkHasItsPage() throws {
        let pages = try Self.pages(ReportFixture())
        let paths = Set(pages.map(\.path))
        for page in pages {
            for element in try MarkupOutline(Self.text(page)).elements where element.name == "a" {
                let link = try #require(element.value("href"))
                guard !link.hasPrefix("#") else { continue }
                let folder = URL(fileURLWithPath: "/" + page.path).deletingLastPathComponent()
                let target = folder.appendingPathComponent(link).standardized.path.dropFirst()
                #expect(paths.contains(String(target)), "\(page.path): \(link)")
            }
        }
    }

    @Test func policyAllowsOnlyThePagesOwnStyleAndScript() throws {
        for page in try Self.pages(ReportFixture()) {
            let outline = try MarkupOutline(Self.text(page))
            let metas = outline.elements.filter { $0.name == "meta" }
            let policy = try #require(
                metas.first { $0.value("http-equiv") == "Content-Security-Policy" }?.value(
                    "content"
                )
            )
            #expect(policy.hasPrefix("default-src 'none'; "))
            #expect(!policy.contains("unsafe"))
            for code in outline.code {
                let digest = Data(SHA256Digest(of: code.utf8).bytes).base64EncodedString()
                #expect(policy.contains("'sha256-\(digest)'"), "\(page.path)")
            }
            for element in outline.elements {
                #expect(element.value("style") == nil)
                #expect(!element.attributes.contains { $0.name.hasPrefix("on") })
            }
        }
    }

    @Test func timesCanBeLeftOut() throws {
        let pages = try Self.pages(ReportFixture(), showsTimes: false)
        #expect(pages.allSatisfy { !Self.text($0).contains("2023-11-14") })
        #expect(pages.allSatisfy { !Self.text($0).contains("Some CPU") })
        #expect(try Self.pages(ReportFixture()).contains { Self.text($0).contains("2023-11-14") })
    }

    @Test func manySamplesHaveSeveralPages() throws {
        let fixture = ReportFixture()
        let run = fixture.runs[0]
        let sample = fixture.samples(of: run)[0]
        let samples = (0..<401).map { index in
            var sample = sample
            sample.record.ordinal = index
            return sample
        }
        let pages = Site(fixture.source()).samplePages(of: run, samples, choice: "All.")
        #expect(
            pages.map(\.path) == [
                "site/runs/run0-samples.html", "site/runs/run0-samples-2.html",
                "site/runs/run0-samples-3.html",
            ]
        )
        let cards = try pages.map { page in
            try MarkupOutline(Self.text(page)).elements.count { $0.name == "details" }
        }
        #expect(cards == [200, 200, 1])
    }

    private static func pages(
        _ fixture: ReportFixture,
        showsTimes: Bool = true
    ) throws -> [ReportFile] {
        let site = Site(fixture.source(), showsTimes: showsTimes)
        let extent = Site.Extent(
            samplesPerRun: 9,
            pictureCount: 1,
            pictureBytes: 12_345,
            omittedPictures: 2
        )
        let runs = site.runs.flatMap { run in
            [site.page(of: run, attempts: fixture.attempts, comparisons: [fixture.comparison.pair])]
                + site.samplePages(of: run, fixture.samples(of: run), choice: "All of them.")
        }
        let view = fixture.comparison
        return runs + [site.page(of: view), site.index(extent, comparisons: [view.pair])]
    }

    private static let harmless = (try? elements(ReportFixture(text: "plain"))).map(shapes)

    private static func elements(_ fixture: ReportFixture) throws -> [MarkupOutline.Element] {
        try pages(fixture).flatMap { try MarkupOutline(text($0)).elements }
    }

    /// How often each shape of element occurs.
    private static func shapes(_ elements: [MarkupOutline.Element]) -> [String: Int] {
        elements.reduce(into: [:]) { $0[$1.shape, default: 0] += 1 }
    }

    private static func text(_ file: ReportFile) -> String {
        String(decoding: file.bytes, as: UTF8.self)
    }

    /// The page without its style and script, which other tests look at.
    private static func body(_ file: ReportFile) throws -> String {
        let text = text(file)
        let outline = try MarkupOutline(text)
        let bare = outline.code.reduce(text) { $0.replacingOccurrences(of: $1, with: "…") }
        let policy = outline.elements.compactMap { $0.value("content") }.first {
            $0.hasPrefix("default-src")
        }
        let escaped = policy?.replacingOccurrences(of: "'", with: "&#39;") ?? ""
        return bare.replacingOccurrences(of: escaped, with: "policy")
    }

    private static func isInside(_ link: String) -> Bool {
        let allowed = Set(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./#".utf8
        )
        let steps = link.split(separator: "/").filter { $0 == ".." }
        return link.utf8.allSatisfy(allowed.contains) && !link.hasPrefix("/") && steps.count <= 1
    }
}
