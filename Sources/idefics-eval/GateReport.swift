import Comparison
import Reporting
import StrictJSON

/// A gate's report.
enum GateReport {
    static func text(_ gate: Gate) -> String {
        var table = AlignedTable([
            ("run", .left), ("metric", .left), ("baseline", .right), ("now", .right),
            ("difference", .right), ("95 % interval", .left), ("p (Holm)", .right),
            ("outcome", .left),
        ])
        for row in gate.rows { table.add(cells(row)) }
        let result =
            gate.hasRegression ? "regression" : gate.hasOpenQuestion ? "undecided" : "passed"
        return table.text + changes(gate) + gate.rows.map(remark).joined()
            + missing(gate)
            + TerminalText.escaped("gate against \(gate.name): \(result)") + "\n"
    }

    /// In what runs differ from the baseline's: a line per set of changes, not one per run.
    private static func changes(_ gate: Gate) -> String {
        var titles: [String: [String]] = [:]
        var order: [String] = []
        for row in gate.rows {
            guard let comparison = row.comparison else { continue }
            let words = ComparisonText.changes(comparison)
            if titles[words] == nil { order.append(words) }
            titles[words, default: []].append(row.title)
        }
        return order.map { words in
            let runs = titles[words] ?? []
            let names = runs.count > 3 ? "\(runs.count) runs" : runs.joined(separator: ", ")
            return TerminalText.escaped("changed in \(names): \(words)") + "\n"
        }.joined()
    }

    /// Why a run did not pass, and what became of its samples; the table says which are missing.
    private static func remark(_ row: Gate.Row) -> String {
        guard row.outcome != .passed, row.outcome != .improved, let comparison = row.comparison
        else { return "" }
        return TerminalText.escaped(
            "\(row.title): \(row.outcome.rawValue), \(row.reason); "
                + ComparisonText.pairs(comparison)
        ) + "\n"
    }

    private static func missing(_ gate: Gate) -> String {
        let count = gate.rows.count { $0.outcome == .missing }
        guard count > 0 else { return "" }
        return "missing: \(count) of \(gate.rows.count) runs of the baseline have no run that asks "
            + "the same\n"
    }

    private static func cells(_ row: Gate.Row) -> [String] {
        guard let metric = row.comparison?.metrics.first else {
            return [row.title, "", "", "", "", "", "", row.outcome.rawValue]
        }
        let text = PairedMetricText(metric)
        return [
            row.title, metric.metric, text.first, text.second, text.difference,
            text.interval, row.adjustedProbability.map(PairedMetricText.probability) ?? "–",
            row.outcome.rawValue,
        ]
    }

    private static func count(_ count: Int?) -> JSONValue { count.map { .integer($0) } ?? .null }

    static func json(_ gate: Gate, status: ExitStatus) -> JSONValue {
        [
            "baseline": .string(gate.name), "status": .integer(Int(status.rawValue)),
            "regression": .boolean(gate.hasRegression),
            "undecided": .boolean(gate.hasOpenQuestion),
            "rows": .array(
                gate.rows.map { row in
                    [
                        "baseline": ComparisonJSON.run(row.baseline),
                        "run": row.comparison.map { ComparisonJSON.run($0.second) } ?? .null,
                        "outcome": .string(row.outcome.rawValue), "reason": .string(row.reason),
                        "p_adjusted": ComparisonJSON.number(row.adjustedProbability),
                        "changed": row.comparison.map(ComparisonJSON.differences) ?? .null,
                        "outputs_differ": count(row.comparison?.changedOutputCount),
                        "prompts_differ": count(row.comparison?.changedPromptCount),
                        "metrics": .array(
                            row.comparison?.metrics.map(ComparisonJSON.metric) ?? []
                        ),
                    ]
                }
            ),
        ]
    }
}
