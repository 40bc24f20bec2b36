public import Comparison
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
                + scope.map { cells($0).map(MarkdownText.escaped) }
            return "\(MarkdownText.escaped(Self.title(scope))):\n\n"
                + rows.map { "| \($0.joined(separator: " | ")) |\n" }.joined()
        }
        return tables.joined(separator: "\n") + "\n" + Self.notes.map { "- \($0)\n" }.joined()
    }

    private static let heads = [
        "Finished", "Run", "Commit", "Precision", "Label", "Value", "Difference", "Flag", "Changed",
    ]
    private static let rules = [":--", ":--", ":--", ":--", ":--", "--:", "--:", ":--", ":--"]
    private static let notes = [
        "Difference: to the row above, with its 95 % interval: sample by sample as `compare` makes "
            + "it, or, marked ‡, from the two runs' intervals where samples have no scores of their "
            + "own or are not the same.",
        "STEP: beyond chance, as `compare` judges (‡: by the interval alone). "
            + "One such mark in 20 is chance where nothing changed.",
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
            difference(entry, display), flag(entry), Self.words(entry.changes),
        ]
    }

    private func difference(_ entry: RunHistory.Entry, _ display: MetricDisplay) -> String {
        guard let step = entry.step, let difference = step.difference else { return "–" }
        let mark = step.test == .intervals ? " ‡" : ""
        let interval = step.interval.map { interval in
            interval.lowerBound == interval.upperBound
                ? "" : " " + display.text(differences: interval)
        }
        return display.text(difference: difference) + (interval ?? "") + mark
    }

    private func flag(_ entry: RunHistory.Entry) -> String {
        guard let step = entry.step else { return "" }
        var flags: [String] = []
        if step.isAlert {
            flags.append("OUTPUT CHANGED (\(step.changedOutputCount) of \(step.pairCount))")
        }
        if step.isStep { flags.append("STEP") }
        if step.test == .none { flags.append("no test") }
        return flags.joined(separator: ", ")
    }

    private static func words(_ changes: [RecipeDifference]) -> String {
        changes.map { "\($0.name) \($0.first) → \($0.second)" }.joined(separator: ", ")
    }

    /// What the runs of a scope have in common.
    private static func title(_ scope: [RunHistory.Entry]) -> String {
        let run = scope[0].run
        let recipe = run.plan.recipe
        let shots = recipe.shots == 1 ? "1 shot" : "\(recipe.shots) shots"
        let limit = recipe.limit.map { ", first \($0)" } ?? ""
        return "\(recipe.task) \(recipe.split)\(limit), \(shots) (\(recipe.selectionTitle)), "
            + "\(recipe.promptProtocol) \(recipe.variant), seed \(recipe.seed), "
            + recipe.engine.model + (run.plan.isDemo ? " (demo)" : "")
    }

    private static func name(_ test: HistoryStep.Test) -> String {
        switch test {
        case .paired(let method): method
        case .intervals: "intervals"
        case .none: "none"
        }
    }
}

extension HistoryTable {
    /// One record per run; values in the metric's own unit.
    package var records: [[(name: String, value: FieldValue)]] {
        history.scopes.flatMap { scope in
            scope.map { fields($0, Self.title(scope)) }
        }
    }

    /// Comma-separated values after RFC 4180.
    public var csv: String { FieldRecords(records).csv }
    /// A JSON array of objects.
    public var json: String { FieldRecords(records).json }

    private func fields(
        _ entry: RunHistory.Entry,
        _ scope: String
    ) -> [(name: String, value: FieldValue)] {
        let (run, value, step) = (entry.run, entry.value, entry.step)
        let recipe = run.plan.recipe
        return [
            ("scope", .text(scope)), ("run", .text(run.run)),
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
            ("test", .text(step.map { Self.name($0.test) })),
            ("step", .flag(step?.isStep ?? false)),
            ("pairs", .integer(step?.pairCount)),
            ("changed_outputs", .integer(step?.changedOutputCount)),
            ("same_recipe", .flag(step?.isSameRecipe ?? false)),
            ("output_alert", .flag(step?.isAlert ?? false)),
            (
                "changed",
                .text(entry.changes.isEmpty ? nil : Self.words(entry.changes))
            ),
        ]
    }
}
