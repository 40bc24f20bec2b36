internal import EvalCore

/// The footnotes of a result table, as markdown.
struct TableNotes: Sendable {
    private let table: ResultTable
    private let names: TableNames

    /// Prepares the footnotes of a table.
    init(_ table: ResultTable, names: TableNames) {
        self.table = table
        self.names = names
    }

    /// A list; the table has a cell.
    var lines: [String] {
        var notes = [sharedSettings] + retrieval + [metrics, legend] + companions
        notes += deltas + published + daggers + undefined + submissions + demo
        notes += displaced + unfinished
        return notes.map { "- " + $0 } + ["- Runs:"] + runs.map { "    - " + $0 }
    }

    /// Which runs are not finished, nothing if all are.
    var unfinished: [String] {
        guard !table.unfinishedRuns.isEmpty else { return [] }
        let runs = table.unfinishedRuns.map {
            "\(MarkdownText.escaped($0.run)) (\($0.finishedCount)/\($0.plan.sampleCount))"
        }
        return ["Not finished: \(runs.joined(separator: ", "))."]
    }

    /// A setting's name at the start of a line or column.
    static func settingTitle(_ index: Int) -> String {
        let name = ResultTable.settingNames[index]
        return name.prefix(1).uppercased() + name.dropFirst()
    }

    private let legend = "± is the 95 % interval; – not run; n/a undefined or without labels."

    private var sharedSettings: String {
        let varying = table.varyingSettings
        let shared = ResultTable.settingNames.indices.filter { !varying.contains($0) }
        guard let first = shared.first else { return "All settings differ between rows." }
        let parts = shared.map { index in
            let name = index == first ? Self.settingTitle(index) : ResultTable.settingNames[index]
            return "\(name) \(MarkdownText.escaped(table.rows[0].settings[index]))"
        }
        return parts.joined(separator: ", ") + "."
    }

    /// How RICES chose shots, where it did.
    private var retrieval: [String] {
        let encoders = table.cells.compactMap(\.run.plan.recipe.selectionEncoder)
        guard !encoders.isEmpty else { return [] }
        let names = grouped(encoders, by: \.self).map { MarkdownText.escaped($0.key) }
        return [
            "RICES: the shots are the support samples whose pictures look most like the query's, "
                + "compared by the encoder \(names.joined(separator: ", "))."
        ]
    }

    /// Such as `cider version 1: COCO test, NoCaps val; …`.
    private var metrics: String {
        grouped(Array(table.columns.indices), by: metric).map { metric, columns in
            let benchmarks = columns.map { names.benchmarkAndSplit(table.columns[$0]) }
            return MarkdownText.escaped(metric) + ": " + benchmarks.joined(separator: ", ")
        }
        .joined(separator: "; ") + "."
    }

    private func metric(ofColumn index: Int) -> String {
        let headlines = table.cells.filter { $0.column == index }.compactMap(\.run.metrics.first)
        let metrics = Set(headlines.map { "\($0.metric) version \($0.version)" })
        return metrics.isEmpty ? "no metric" : metrics.sorted().joined(separator: ", ")
    }

    /// What stands in brackets behind headlines.
    private var companions: [String] {
        cells { cell in
            guard let headline = cell.run.metrics.first, headline.value != nil,
                MetricCompanions.text(of: cell.run.metrics) != nil
            else { return [] }
            return MetricCompanions.of(headline.metric).map { [$0.note] } ?? []
        }
        .map { note, cells in
            let columns = Set(cells.map(\.column)).sorted().map { table.columns[$0] }
            return "\(note): \(columns.map(names.benchmark).joined(separator: ", "))."
        }
    }

    private var deltas: [String] {
        let cells = table.cells.filter { $0.delta != nil }
        guard !cells.isEmpty else { return [] }
        let isMarked = cells.contains { MetricCompanions.text(of: $0.run.metrics) != nil }
        let signs = isMarked ? "(…), or (Δ…) behind other brackets," : "(…)"
        return ["\(signs) in instruct rows: difference to the base run of the same settings."]
    }

    private var daggers: [String] {
        cells { cell in
            let (plan, errors) = (cell.run.plan, cell.run.errorCount)
            return plan.notComparableReasons
                + (errors > 0 ? ["\(errors) of \(plan.sampleCount) samples failed"] : [])
        }
        .map { "† not comparable, \(MarkdownText.escaped($0.text)): \(names.places($0.cells))." }
    }

    private var undefined: [String] {
        cells { cell in
            guard let metric = cell.run.metrics.first, metric.value == nil else { return [] }
            return ["\(metric.metric) is undefined, \(metric.reason ?? "no reason recorded")"]
        }
        .map { "n/a: \(MarkdownText.escaped($0.text)): \(names.places($0.cells))." }
    }

    private var submissions: [String] {
        table.cells.compactMap { cell in
            cell.run.submissionPath.map { path in
                "n/a: no public labels, submission file \(MarkdownText.escaped(path)): "
                    + "\(names.places([cell]))."
            }
        }
    }

    private var demo: [String] {
        guard table.rows.contains(where: \.isDemo) else { return [] }
        return ["(demo): made with the bundled demo model or data; says nothing about IDEFICS."]
    }

    private var displaced: [String] {
        guard !table.displacedRuns.isEmpty else { return [] }
        let runs = table.displacedRuns.map { MarkdownText.escaped($0.run) }.joined(separator: ", ")
        return ["Not shown, since a fuller or later run has the cell: \(runs)."]
    }

    private var runs: [String] {
        table.rows.indices.map { index in
            let runs = table.cells.filter { $0.row == index }.map { cell in
                names.benchmark(table.columns[cell.column]) + " "
                    + MarkdownText.escaped(cell.run.run)
            }
            return "\(names.row(table.rows[index])): \(runs.joined(separator: ", "))"
        }
    }
}

extension TableNotes {
    /// What the published columns hold, and what must be said beside their numbers.
    private var published: [String] {
        guard !table.publishedColumns.isEmpty else { return [] }
        let isMarked = table.cells.contains { $0.published?.companions.isEmpty == false }
        let rule =
            "published: the number as printed and, in parentheses, how far the run's value of the "
            + "same metric lies from it\(isMarked ? " (Δ behind other brackets)" : ""); only where "
            + "task, split, shots, selection, protocol and variant are the same, too."
        let sources = cells { cell in
            cell.published.map { ["\($0.result.model), \($0.source)"] } ?? []
        }
        let remarks = cells { $0.published.map(Self.remarks) ?? [] }
        return [rule]
            + (sources + remarks).map { text, cells in
                "published, \(MarkdownText.escaped(text)): \(names.places(cells))."
            }
    }

    private static func remarks(_ match: PublishedMatch) -> [String] {
        match.result.notes + (match.result.seeds.map { ["the mean of \($0) seeds"] } ?? [])
            + (match.result.selection == "rices"
                ? ["its shots may have been chosen by another encoder"] : [])
    }

    /// Cells by what must be said about them, in order of first mention.
    private func cells(
        by texts: (ResultTable.Cell) -> [String]
    ) -> [(text: String, cells: [ResultTable.Cell])] {
        let remarks = table.cells.flatMap { cell in texts(cell).map { (text: $0, cell: cell) } }
        return grouped(remarks, by: \.text).map { ($0.key, $0.elements.map(\.cell)) }
    }
}
