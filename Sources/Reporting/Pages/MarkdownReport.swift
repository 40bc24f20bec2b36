internal import EvalCore

/// The part of a report that is read on a code host: README, a page per task, charts.
///
/// Nothing in it depends on when or where runs were made beyond their recipes, so that the same
/// results give the same bytes.
public struct MarkdownReport: Sendable {
    private let source: ReportSource

    /// Prepares a report.
    /// - Parameter source: what it is made from.
    public init(_ source: ReportSource) { self.source = source }

    /// All files: the README first, then the tasks' pages and charts.
    public var files: [ReportFile] {
        let pages = source.tasks.map { TaskPage($0, of: source) }
        let charts = pages.flatMap(\.charts).map { path, chart in
            ReportFile(path, ShotChartSVG(chart).file)
        }
        return [ReportFile("README.md", readme(pages))]
            + pages.map { ReportFile($0.path, $0.text) } + charts
    }

    private func readme(_ pages: [TaskPage]) -> String {
        let table = source.table(of: source.runs)
        var parts = [
            "# Results\n", Self.origin,
            "Every number is one finished run. Click a benchmark for its curve over shots, its "
                + "breakdown and the published numbers; open `site/index.html` in a browser for "
                + "single samples with pictures, prompts and outputs.\n",
        ]
        if table.rows.contains(where: \.isDemo) { parts.append(Self.demo) }
        parts.append("## All benchmarks\n")
        parts.append(MarkdownTable(table, titles: source.titles).text)
        let groups = GroupTable(table, titles: source.titles).text
        if !groups.isEmpty { parts += ["## By group\n", groups] }
        if !pages.isEmpty { parts += ["## Benchmarks\n", links(pages)] }
        return parts.joined(separator: "\n")
    }

    private func links(_ pages: [TaskPage]) -> String {
        pages.map { page in
            "- [\(MarkdownText.escaped(page.title))](\(page.path)): \(page.summary)\n"
        }
        .joined()
    }

    static let origin =
        "Written by `idefics-eval report`; edits are lost with the next one. Values are in per cent "
        + "where the benchmark's are; ± is the 95 % interval.\n"
    static let demo =
        "> **Demo.** Rows marked (demo) were made with the bundled toy model or toy data. They show "
        + "what a report looks like and say nothing about IDEFICS.\n"
}
