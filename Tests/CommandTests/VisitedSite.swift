import Foundation
import TestSupport
import Testing

/// The site of a report that tests open in a browser: the one that `IDEFICS_EVAL_SITE` names, or
/// one of a few runs of the demo.
struct VisitedSite: Sendable {
    let folder: URL
    /// The page that shows it.
    let page: BrowserPage
    /// Pages with three samples or more that together have every filter of the site.
    let lists: [String]

    /// Kinds of pages.
    enum Kind: String, CaseIterable {
        case list
        case run
        case samples
        case comparison
    }

    /// The site of the suite that runs.
    @TaskLocal static var current: VisitedSite?

    static var site: VisitedSite {
        get throws { try #require(current) }
    }

    init(_ folder: URL, on page: BrowserPage) throws {
        self.page = page
        self.folder = URL(fileURLWithPath: folder.path, isDirectory: true)
        let index = self.folder.appendingPathComponent("index.html")
        let list = try MarkupOutline(String(contentsOf: index, encoding: .utf8))
        lists = Self.lists(list.elements.compactMap { $0.value("href") }, in: self.folder)
        for kind in Kind.allCases { _ = try self.page(kind) }
    }

    private static func lists(_ links: [String], in folder: URL) -> [String] {
        var seen: Set<String> = []
        return links.filter { $0.hasSuffix(".html") }.filter { path in
            let file = folder.appendingPathComponent(path)
            // A link to nothing is the finding of the test of links.
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            let labels = text.components(separatedBy: "<label>").dropFirst()
            let titles = Set(labels.compactMap { $0.components(separatedBy: "<").first })
            let isLong = text.components(separatedBy: "<details ").count > 3
            guard isLong, !titles.isSubset(of: seen) else { return false }
            seen.formUnion(titles)
            return true
        }
    }

    /// A page of a kind.
    func page(_ kind: Kind) throws -> String {
        switch kind {
        case .list: "index.html"
        case .run: try page(.samples).replacing("-samples.html", with: ".html")
        case .samples:
            try #require(
                lists.first { $0.hasSuffix("-samples.html") },
                "no run has three samples"
            )
        case .comparison:
            try #require(
                lists.first { $0.hasPrefix("compare/") },
                "no comparison has three samples"
            )
        }
    }

    /// Opens one of its pages and runs `body` with it; what no page may do fails the test.
    func visit(
        _ path: String,
        look: PageLook = PageLook(),
        _ body: () throws -> Void
    ) throws {
        try page.show(look)
        try page.open(try #require(URL(string: folder.absoluteString + path)))
        #expect(try page.value("window.innerWidth", as: Int.self) == look.width)
        let policy = try page.value(Self.policy, as: String.self)
        #expect(policy.hasPrefix("default-src 'none';"), "\(path): \(policy)")
        try body()
        let problems = try page.problems(outside: folder)
        #expect(problems.isEmpty, "\(path) \(look): \(problems)")
    }

    /// Opens pages that together have every filter and runs `body` with each.
    static func visitLists(_ body: (SampleList, Comment) throws -> Void) throws {
        let site = try site
        for path in site.lists {
            try site.visit(path) { try body(SampleList(site.page), "\(path)") }
        }
    }

    private static let policy = """
        document.querySelector('meta[http-equiv="Content-Security-Policy"]')?.content ?? "none"
        """
}

/// Gives a suite its site and removes it afterwards.
struct VisitedSiteTrait: SuiteTrait, TestScoping {
    /// Four shots and none, two precisions and two selections: comparisons and all filters.
    private static let runs = [
        ["vqav2", "coco", "--shots", "0,4"],
        ["vqav2", "coco", "--shots", "4", "--precision", "int8"],
        ["vqav2", "--shots", "4", "--selection", "rices"],
    ]

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { folder in
            let named = ProcessInfo.processInfo.environment["IDEFICS_EVAL_SITE"]
            let site = try named.map { URL(fileURLWithPath: $0) } ?? Self.make(in: folder)
            try await BrowserPage.with { page in
                let site = try VisitedSite(site.resolvingSymlinksInPath(), on: page)
                try await VisitedSite.$current.withValue(site) { try await function() }
            }
        }
    }

    private static func make(in folder: URL) throws -> URL {
        let runner = CommandRunner(in: folder)
        for run in runs {
            let made = try runner.run(["run"] + run + ["--limit", "24", "--threads", "2"])
            #expect(made.status == 0, "\(made.errors)")
        }
        let report = try runner.run(["report"])
        #expect(report.status == 0, "\(report.errors)")
        return folder.appendingPathComponent("reports/site")
    }
}

extension Trait where Self == VisitedSiteTrait {
    /// Tests that visit a site.
    static var visitedSite: Self { Self() }
}
