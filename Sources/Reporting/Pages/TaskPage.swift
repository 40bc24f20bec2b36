internal import EvalCore

/// The markdown page of one task.
struct TaskPage: Sendable {
    let task: String
    private let source: ReportSource
    private let table: ResultTable
    private let names: TableNames
    /// Category values shown at most.
    private static let maximumValues = 20
    /// Runs that a breakdown shows side by side at most.
    private static let maximumRuns = 8

    init(_ task: String, of source: ReportSource) {
        self.task = task
        self.source = source
        table = source.table(ofTask: task)
        names = TableNames(table, titles: source.titles)
    }

    var title: String { source.title(task) }

    /// Such as `vqav2.md`.
    var path: String { PageName.file(task) + ".md" }

    /// The charts by path, one per split.
    var charts: [(path: String, chart: ShotChart)] {
        let charts = source.charts(ofTask: task)
        return charts.map { split, chart in
            let name = charts.count > 1 ? "\(task)-\(split)" : task
            return ("charts/\(PageName.file(name)).svg", chart)
        }
    }

    /// Such as `VQA acc. 68.4 … 70.7 over 0, 4, 8 shots`.
    var summary: String {
        table.columns.indices.map(summary).joined(separator: "; ")
    }

    private func summary(_ column: Int) -> String {
        let cells = table.cells.filter { $0.column == column }
        let shots = Set(cells.map { table.rows[$0.row].shots }).sorted().map(String.init)
        let count = shots == ["1"] ? "1 shot" : "\(shots.joined(separator: ", ")) shots"
        let split = MarkdownText.escaped(table.columns[column].split)
        guard let metric = table.columns[column].metric else { return "\(split), \(count)" }
        let display = MetricDisplay(metric: metric)
        let values = cells.compactMap { $0.run.metrics.first?.value }
        let ends = [values.min(), values.max()].compactMap { $0.map(display.text) }
        let range = Set(ends).count > 1 ? ends.joined(separator: " … ") : ends.first ?? "n/a"
        return "\(split), \(MarkdownText.escaped(display.title)) \(range), \(count)"
    }

    var text: String {
        var parts = ["# \(MarkdownText.escaped(title))\n", MarkdownReport.origin]
        if table.rows.contains(where: \.isDemo) { parts.append(MarkdownReport.demo) }
        for (path, chart) in charts {
            parts.append("![\(MarkdownText.escaped(chart.title)) over shots](\(path))\n")
            parts.append(Self.caption(chart))
        }
        parts += ["## Runs\n", MarkdownTable(table, titles: source.titles).text]
        let groups = GroupTable(table, titles: source.titles).text
        if !groups.isEmpty { parts += ["## By group\n", groups] }
        parts += breakdowns
        parts += published
        return parts.joined(separator: "\n")
    }

    private static func caption(_ chart: ShotChart) -> String {
        var sentences = ["Thick lines with 95 % intervals are runs of this store."]
        if chart.series.contains(where: { !$0.isOwn }) {
            sentences.append(
                "Thin lines are published numbers, for orientation: how their conditions differ "
                    + "is said below."
            )
        }
        if chart.omittedRows > 0 {
            sentences.append("\(chart.omittedRows) more of the table's rows are not drawn.")
        }
        return sentences.joined(separator: " ") + "\n"
    }
}

extension TaskPage {
    /// The headline by the values of each category.
    private var breakdowns: [String] {
        table.columns.indices.flatMap { column -> [String] in
            let cells = table.cells.filter { $0.column == column && !$0.run.breakdown.isEmpty }
            let shown = Array(cells.prefix(Self.maximumRuns))
            let categories = Set(shown.flatMap(\.run.breakdown.keys))
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            guard !categories.isEmpty else { return [] }
            let split = table.columns.count > 1 ? " (\(table.columns[column].split))" : ""
            return ["## By category\(MarkdownText.escaped(split))\n"]
                + categories.map { breakdown($0, shown, omitted: cells.count - shown.count) }
        }
    }

    private func breakdown(
        _ category: String,
        _ cells: [ResultTable.Cell],
        omitted: Int
    ) -> String {
        var counts: [String: Int] = [:]
        for cell in cells {
            for (value, number) in cell.run.breakdown[category] ?? [:] {
                counts[value] = max(counts[value] ?? 0, number.count)
            }
        }
        // The most frequent first, equals by name.
        let values = counts.sorted { left, right in
            left.value != right.value
                ? left.value > right.value
                : left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
        }
        .map(\.key)
        let heads = cells.map { names.rowAmong(table.rows[$0.row]) }.map {
            $0.isEmpty ? "value" : $0
        }
        let head = [MarkdownText.escaped(GroupCategory.title(category)), "n"] + heads
        let rule = [":--"] + head.dropFirst().map { _ in "--:" }
        let rows = values.prefix(Self.maximumValues).map { value in
            [MarkdownText.escaped(value), String(counts[value] ?? 0)]
                + cells.map { Self.text($0, category, value) }
        }
        let lines = ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }
        var notes: [String] = []
        if values.count > Self.maximumValues {
            notes.append("\(values.count - Self.maximumValues) rarer values are not shown.")
        }
        if omitted > 0 { notes.append("\(omitted) more runs are not shown.") }
        return lines.joined() + (notes.isEmpty ? "" : "\n" + notes.joined(separator: " ") + "\n")
    }

    private static func text(
        _ cell: ResultTable.Cell,
        _ category: String,
        _ value: String
    ) -> String {
        guard let metric = cell.run.metrics.first,
            let number = metric.breakdown[category]?[value]
        else { return "–" }
        return MetricDisplay(metric: metric.metric).text(number.value)
    }

    /// The published numbers that the charts show, and how their conditions differ.
    private var published: [String] {
        guard let published = source.published else { return [] }
        let tables = table.columns.compactMap { column -> String? in
            guard let metric = column.metric else { return nil }
            let curves = PublishedCurves(published, of: task, metric: metric).curves
            return curves.isEmpty ? nil : PublishedTable(curves, beside: column, in: table).text
        }
        return tables.isEmpty ? [] : ["## Published numbers\n"] + tables
    }
}

extension RunSummary {
    /// The headline's breakdown, empty without one.
    fileprivate var breakdown: [String: [String: CategoryValue]] {
        metrics.first?.breakdown ?? [:]
    }
}
