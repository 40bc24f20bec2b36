internal import EvalCore
internal import Foundation

/// A history as text and as records.
public struct HistoryTable: Sendable {
    private let history: RunHistory

    /// Prepares a rendering.
    public init(_ history: RunHistory) { self.history = history }

    /// A markdown table per scope, and what the marks mean.
    public var markdown: String {
        guard !history.scopes.isEmpty else {
            return "No finished run has \(MarkdownText.escaped(history.metric)).\n"
        }
        let tables = history.scopes.map { scope in
            let rows =
                [Self.heads, Self.rules]
                + scope.entries.map { cells($0).map(MarkdownText.escaped) }
            return "\(MarkdownText.escaped(scope.title)):\n\n"
                + rows.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
        }
        return tables.joined(separator: "\n") + "\n" + Self.notes.map { "- \($0)\n" }.joined()
    }

    private static let heads = [
        "Finished", "Run", "Commit", "Precision", "Label", "Value", "Difference", "Flag", "Changed",
    ]
    private static let rules = [":--", ":--", ":--", ":--", ":--", "--:", "--:", ":--", ":--"]
    private static let notes = [
        "Difference: to the row above, with its 95 % interval: from the differences of samples, "
            + "paired by id and clustered as the metric is, or, marked ‡, from the two runs' "
            + "intervals where samples have no scores of their own or are not the same.",
        "STEP: the interval does not hold 0. One such mark in 20 is chance where nothing changed.",
        "OUTPUT CHANGED: outputs differ although the recipe is the same; the engine is "
            + "deterministic, so this is a defect of program or machine.",
    ]

    private func cells(_ entry: RunHistory.Entry) -> [String] {
        let display = MetricDisplay(metric: history.metric)
        let recipe = entry.run.plan.recipe
        let value = entry.value.value.map { value in
            display.text(value)
                + (entry.value.interval.map { " " + display.text($0, around: value) } ?? "")
                + (entry.run.isComparable ? "" : " †")
        }
        return [
            (entry.run.finished ?? entry.run.started).formatted(.iso8601), entry.run.run,
            entry.run.plan.attempt.commit.map { String($0.prefix(10)) } ?? "–",
            recipe.engine.precision, entry.run.plan.label ?? "–", value ?? "n/a",
            difference(entry, display), flag(entry), entry.changes.joined(separator: ", "),
        ]
    }

    private func difference(_ entry: RunHistory.Entry, _ display: MetricDisplay) -> String {
        guard let step = entry.step, let difference = step.difference else { return "–" }
        let mark = step.test == .intervals ? " ‡" : ""
        let interval = step.interval.map { interval in
            interval.lowerBound == interval.upperBound
                ? "" : " " + display.text(interval, around: difference)
        }
        return display.text(difference: difference) + (interval ?? "") + mark
    }

    private func flag(_ entry: RunHistory.Entry) -> String {
        guard let step = entry.step else { return "" }
        var flags: [String] = []
        if step.isAlert { flags.append("OUTPUT CHANGED (\(step.changedOutputs) of \(step.pairs))") }
        if step.isStep { flags.append("STEP") }
        if step.test == .none { flags.append("no test") }
        return flags.joined(separator: ", ")
    }
}

extension HistoryTable {
    /// One record per run; values in the metric's own unit.
    package var records: [[(name: String, value: FieldValue)]] {
        history.scopes.flatMap { scope in
            scope.entries.map { fields($0, scope) }
        }
    }

    /// Comma-separated values after RFC 4180.
    public var csv: String { FieldRecords(records).csv }
    /// A JSON array of objects.
    public var json: String { FieldRecords(records).json }

    private func fields(
        _ entry: RunHistory.Entry,
        _ scope: RunHistory.Scope
    ) -> [(name: String, value: FieldValue)] {
        let (run, value, step) = (entry.run, entry.value, entry.step)
        let recipe = run.plan.recipe
        return [
            ("scope", .text(scope.title)), ("run", .text(run.run)),
            ("finished", .text((run.finished ?? run.started).formatted(.iso8601))),
            ("commit", .text(run.plan.attempt.commit)),
            ("tool", .text(run.plan.attempt.toolVersion)),
            ("precision", .text(recipe.engine.precision)), ("label", .text(run.plan.label)),
            ("metric", .text(history.metric)), ("version", .integer(value.version)),
            ("value", .number(value.value)), ("low", .number(value.interval?.lowerBound)),
            ("high", .number(value.interval?.upperBound)), ("n", .integer(value.count)),
            ("comparable", .flag(run.isComparable)),
            ("difference", .number(step?.difference)),
            ("difference_low", .number(step?.interval?.lowerBound)),
            ("difference_high", .number(step?.interval?.upperBound)),
            ("test", .text(step.map(\.test.rawValue))), ("step", .flag(step?.isStep ?? false)),
            ("pairs", .integer(step?.pairs)), ("changed_outputs", .integer(step?.changedOutputs)),
            ("same_recipe", .flag(step?.isSameRecipe ?? false)),
            ("output_alert", .flag(step?.isAlert ?? false)),
            ("changed", .text(entry.changes.isEmpty ? nil : entry.changes.joined(separator: ", "))),
        ]
    }
}
