import Comparison
import EvalCore
import Reporting
import Statistics

/// A comparison for people.
enum ComparisonText {
    private static let shownCount = 5

    static func text(_ comparison: RunComparison) -> String {
        [
            head("A", comparison.first) + head("B", comparison.second),
            differences(comparison), metrics(comparison), flips(comparison),
            losses(comparison),
            "verdict: \(comparison.verdict.rawValue) (\(comparison.reason))\n",
        ].joined()
    }

    private static func head(_ letter: String, _ run: ComparedRun) -> String {
        let engine = run.recipe.engine
        return TerminalText.escaped(
            "\(letter) \(run.run.prefix(12))  \(run.title), \(run.recipe.split), seed "
                + "\(run.recipe.seed), \(engine.model) \(engine.precision)"
        ) + "\n"
    }

    /// What differs, and whether the samples and prompts are the same.
    static func differences(_ comparison: RunComparison) -> String {
        let changes = comparison.differences.map { "\($0.name) \($0.first) → \($0.second)" }
        let recipe = changes.isEmpty ? "nothing" : changes.joined(separator: "; ")
        var lines = ["changed: \(recipe)"]
        var pairs = "\(comparison.pairCount) samples in both"
        if comparison.unmatchedInFirst + comparison.unmatchedInSecond > 0 {
            pairs +=
                ", \(comparison.unmatchedInFirst) only in A, "
                + "\(comparison.unmatchedInSecond) only in B"
        }
        pairs +=
            comparison.changedPromptCount == 0
            ? ", all prompts equal" : ", \(comparison.changedPromptCount) prompts differ"
        pairs += ", \(comparison.changedOutputCount) outputs differ"
        lines.append(pairs)
        if comparison.changedWithoutReason {
            lines.append("ALERT: outputs changed although nothing that identifies the run did")
        }
        return lines.map { TerminalText.escaped($0) + "\n" }.joined()
    }

    private static func metrics(_ comparison: RunComparison) -> String {
        var table = AlignedTable([
            ("metric", .left), ("A", .right), ("B", .right), ("B − A", .right),
            ("95 % interval", .left), ("p", .right), ("verdict", .left), ("method", .left),
        ])
        for metric in comparison.metrics {
            let display = MetricDisplay(metric: metric.metric)
            table.add([
                metric.metric, metric.first.map(display.text) ?? "–",
                metric.second.map(display.text) ?? "–",
                metric.estimate.map { signed($0.difference, display) } ?? "–",
                metric.estimate?.interval.map { interval($0, display) } ?? "–",
                metric.estimate?.probability.map(probability) ?? "–", metric.verdict.rawValue,
                metric.estimate?.method ?? "",
            ])
        }
        return table.text
    }

    private static func flips(_ comparison: RunComparison) -> String {
        let worse = comparison.flips.filter { $0.difference < 0 }
        let better = comparison.flips.filter { $0.difference > 0 }
        let other = comparison.flips.count - worse.count - better.count
        var text =
            "flips: \(worse.count) score less in B, \(better.count) more, \(other) changed their "
            + "answer only\n"
        for flip in worse.prefix(shownCount) {
            let answers = "\(quoted(flip.first.answer)) → \(quoted(flip.second.answer))"
            text += "  " + TerminalText.escaped("\(flip.first.id): \(answers)") + "\n"
        }
        return text
    }

    private static func losses(_ comparison: RunComparison) -> String {
        let losses = comparison.categories.filter { $0.difference < 0 }.prefix(shownCount)
        guard let metric = comparison.metrics.first?.metric, !losses.isEmpty else { return "" }
        let display = MetricDisplay(metric: metric)
        let listed = losses.map { loss in
            "\(loss.category) \"\(loss.value)\" \(signed(loss.difference, display)), n = "
                + "\(loss.count), p \(probability(loss.adjustedProbability))"
        }
        return "biggest losses (exploratory, p by Holm): "
            + TerminalText.escaped(listed.joined(separator: "; ")) + "\n"
    }

    private static func quoted(_ answer: String?) -> String { answer.map { "\"\($0)\"" } ?? "–" }

    // MARK: Numbers

    static func signed(_ value: Double, _ display: MetricDisplay) -> String {
        let text = display.text(abs(value))
        return value == 0 ? text : (value < 0 ? "−" : "+") + text
    }

    static func interval(_ interval: ClosedRange<Double>, _ display: MetricDisplay) -> String {
        "[\(signed(interval.lowerBound, display)), \(signed(interval.upperBound, display))]"
    }

    static func probability(_ p: Double) -> String { p < 0.001 ? "< 0.001" : p.fixed(3) }
}
