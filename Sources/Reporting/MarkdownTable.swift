internal import EvalCore

/// A result table as markdown, in the model card's layout.
public struct MarkdownTable: Sendable {
    private let table: ResultTable
    private let titles: [String: String]

    /// Prepares a rendering.
    /// - Parameters:
    ///   - table: the table.
    ///   - titles: task name → title in heads; a task that is not listed shows its name.
    public init(_ table: ResultTable, titles: [String: String]) {
        self.table = table
        self.titles = titles
    }

    /// Table and footnotes, ending in a line feed.
    public var text: String {
        guard !table.cells.isEmpty else {
            return "No finished run to show.\n" + unfinishedNote.map { "\n" + $0 + "\n" }.joined()
        }
        let rows = table.rows.indices.map(rowLine)
        return ([headLine, ruleLine] + rows + [""] + notes).map { $0 + "\n" }.joined()
    }

    // MARK: Table

    private var headLine: String {
        let settings = table.varyingSettings.map { capitalised(ResultTable.settingNames[$0]) }
        return line(["Model", "Shots"] + settings + table.columns.map(head))
    }

    private var ruleLine: String {
        let settings = table.varyingSettings.map { _ in ":--" }
        return line([":--", "--:"] + settings + table.columns.map { _ in "--:" })
    }

    private func head(_ column: ResultTable.Column) -> String {
        let metric = column.metric.map { MetricDisplay(metric: $0).title }
        let splits = Set(table.columns.filter { $0.task == column.task }.map(\.split))
        let split = splits.count > 1 ? column.split : nil
        return [title(column.task), split, metric].compactMap { $0 }.map(Self.escaped)
            .joined(separator: " ")
    }

    private func rowLine(_ index: Int) -> String {
        let row = table.rows[index]
        let settings = table.varyingSettings.map { Self.escaped(row.settings[$0]) }
        let cells = table.columns.indices.map { column in
            table.run(row: index, column: column).map(cellText) ?? "–"
        }
        return line([modelName(row), String(row.shots)] + settings + cells)
    }

    private func modelName(_ row: ResultTable.Row) -> String {
        let namesakes = Set(table.rows.filter { $0.model == row.model }.map(\.weightsDigest))
        let digest = namesakes.count > 1 ? " (\(row.weightsDigest.prefix(8)))" : ""
        return Self.escaped(row.model + digest) + (row.isDemo ? " (demo)" : "")
    }

    private func cellText(_ run: RunSummary) -> String {
        let mark = run.isComparable && !run.plan.isSubset ? "" : " †"
        guard let metric = run.metrics.first, let value = metric.value else { return "n/a" + mark }
        let display = MetricDisplay(metric: metric.metric)
        let interval = metric.interval.map { " " + display.text($0, around: value) } ?? ""
        return display.text(value) + interval + mark
    }

    // MARK: Footnotes

    private var notes: [String] {
        var notes = [sharedSettingsNote, metricsNote]
        notes += ["± is the 95 % interval; – not run; n/a undefined or without labels."]
        notes += daggerNotes + undefinedNotes + submissionNotes + demoNote
        notes += displacedNote + unfinishedNote
        return notes.map { "- " + $0 } + ["- Runs: " + runList + "."]
    }

    private var sharedSettingsNote: String {
        let varying = table.varyingSettings
        let shared = ResultTable.settingNames.indices.filter { !varying.contains($0) }.map {
            "\(ResultTable.settingNames[$0]) \(Self.escaped(table.rows[0].settings[$0]))"
        }
        guard !shared.isEmpty else { return "All settings differ between rows." }
        return capitalised(shared.joined(separator: ", ")) + "."
    }

    private var metricsNote: String {
        let parts = table.columns.indices.map { index in
            let column = table.columns[index]
            let metrics = Set(
                table.cells.filter { $0.column == index }.compactMap(\.run.metrics.first).map {
                    "\($0.metric) version \($0.version)"
                }
            )
            let metric = metrics.isEmpty ? "no metric" : metrics.sorted().joined(separator: ", ")
            return Self.escaped("\(title(column.task)) \(column.split): ") + Self.escaped(metric)
        }
        return parts.joined(separator: "; ") + "."
    }

    private var daggerNotes: [String] {
        var runsByReason: [(reason: String, places: [String])] = []
        for cell in table.cells {
            for reason in reasons(cell.run) {
                if let index = runsByReason.firstIndex(where: { $0.reason == reason }) {
                    runsByReason[index].places.append(place(cell.run))
                } else {
                    runsByReason.append((reason, [place(cell.run)]))
                }
            }
        }
        return runsByReason.map { reason, places in
            "† not comparable: \(Self.escaped(reason)) (\(places.joined(separator: ", ")))."
        }
    }

    private func reasons(_ run: RunSummary) -> [String] {
        let errors = run.errorCount
        return run.plan.notComparableReasons
            + (errors > 0 ? ["\(errors) of \(run.plan.sampleCount) samples failed"] : [])
    }

    private var undefinedNotes: [String] {
        table.cells.compactMap { cell in
            guard let metric = cell.run.metrics.first, metric.value == nil else { return nil }
            let reason = metric.reason ?? "no reason recorded"
            return "\(place(cell.run)): \(Self.escaped(metric.metric)) is undefined, "
                + "\(Self.escaped(reason))."
        }
    }

    private var submissionNotes: [String] {
        table.cells.compactMap { cell in
            cell.run.submissionPath.map { path in
                "\(place(cell.run)): no public labels; submission file \(Self.escaped(path))."
            }
        }
    }

    private var demoNote: [String] {
        guard table.rows.contains(where: \.isDemo) else { return [] }
        return ["(demo): made with the bundled demo model or data; says nothing about IDEFICS."]
    }

    private var displacedNote: [String] {
        guard !table.displacedRuns.isEmpty else { return [] }
        let runs = table.displacedRuns.map { Self.escaped($0.run) }.joined(separator: ", ")
        return ["Not shown, since a fuller or later run has the cell: \(runs)."]
    }

    private var unfinishedNote: [String] {
        guard !table.unfinishedRuns.isEmpty else { return [] }
        let runs = table.unfinishedRuns.map {
            "\(Self.escaped($0.run)) (\($0.finishedCount)/\($0.plan.sampleCount))"
        }
        return ["Not finished: \(runs.joined(separator: ", "))."]
    }

    private var runList: String {
        table.cells.map { "\(place($0.run)) \(Self.escaped($0.run.run))" }.joined(separator: ", ")
    }

    private func place(_ run: RunSummary) -> String {
        let recipe = run.plan.recipe
        let shots = recipe.shots == 1 ? "1 shot" : "\(recipe.shots) shots"
        return Self.escaped("\(title(recipe.task)) \(shots)")
    }

    private func title(_ task: String) -> String { titles[task] ?? task }

    private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private func capitalised(_ text: String) -> String {
        text.prefix(1).uppercased() + text.dropFirst()
    }

    /// Text of data as markdown that shows it literally: no table break, markup, link or HTML.
    private static func escaped(_ text: String) -> String {
        let scalars = Array(TerminalText.escaped(text).unicodeScalars)
        return scalars.indices.reduce(into: "") { result, index in
            switch scalars[index] {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "_" where isInsideWord(scalars, index): result += "_"
            case "\\", "|", "`", "*", "_", "[", "]", "~": result += "\\\(scalars[index])"
            default: result.unicodeScalars.append(scalars[index])
            }
        }
    }

    /// An underscore between letters is no markup; `vqa_accuracy` stays readable.
    private static func isInsideWord(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        guard index > 0, index + 1 < scalars.count else { return false }
        return scalars[index - 1].properties.isAlphabetic
            && scalars[index + 1].properties.isAlphabetic
    }
}
