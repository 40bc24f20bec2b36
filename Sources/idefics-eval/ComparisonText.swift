import Comparison
import EvalCore
import Reporting

/// A comparison for people.
enum ComparisonText {
    private static let shownCount = 5
    private static let shownWidth = 100

    static func text(_ comparison: RunComparison) -> String {
        [
            head("A", comparison.first) + head("B", comparison.second),
            differences(comparison), metrics(comparison), flips(comparison),
            categories(comparison),
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
    private static func differences(_ comparison: RunComparison) -> String {
        var lines = ["changed: \(changes(comparison))", pairs(comparison)]
        if comparison.changedWithoutReason {
            lines.append("ALERT: outputs changed although nothing that identifies the run did")
        }
        return lines.map { TerminalText.escaped($0) + "\n" }.joined()
    }

    /// In what the recipes differ.
    static func changes(_ comparison: RunComparison) -> String {
        let changes = comparison.differences.map { "\($0.name) \($0.first) → \($0.second)" }
        return changes.isEmpty ? "nothing" : changes.joined(separator: "; ")
    }

    /// How many samples, prompts and outputs are the same.
    static func pairs(_ comparison: RunComparison) -> String {
        var words = "\(comparison.pairCount) samples in both"
        let (first, second) = (comparison.unmatchedInFirst, comparison.unmatchedInSecond)
        if first + second > 0 { words += ", \(first) only in A, \(second) only in B" }
        guard comparison.pairCount > 0 else { return words }
        let (prompts, outputs) = (comparison.changedPromptCount, comparison.changedOutputCount)
        words += prompts == 0 ? ", all prompts equal" : ", " + differ(prompts, "prompt")
        return words + ", " + (outputs == 0 ? "all outputs equal" : differ(outputs, "output"))
    }

    private static func differ(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun) differs" : "\(count) \(noun)s differ"
    }

    private static func metrics(_ comparison: RunComparison) -> String {
        var table = AlignedTable([
            ("metric", .left), ("A", .right), ("B", .right), ("B − A", .right),
            ("95 % interval", .left), ("p", .right), ("verdict", .left), ("method", .left),
        ])
        for metric in comparison.metrics {
            let text = PairedMetricText(metric)
            table.add([
                metric.metric, text.first, text.second, text.difference, text.interval,
                text.probability, metric.verdict.rawValue, text.method,
            ])
        }
        return table.text
    }

    /// Names the metric of flips and categories where it is not the headline.
    private static func by(_ comparison: RunComparison) -> String {
        let metric = comparison.flipMetric
        return metric == comparison.metrics.first?.metric ? "" : metric.map { " by \($0)" } ?? ""
    }

    private static func flips(_ comparison: RunComparison) -> String {
        let worse = comparison.flips.filter { $0.difference < 0 }
        let better = comparison.flips.filter { $0.difference > 0 }
        let other = comparison.flips.count - worse.count - better.count
        var text =
            "flips\(by(comparison)): \(worse.count) score less in B, \(better.count) more, "
            + "\(other) changed their answer only\n"
        for flip in worse.prefix(shownCount) { text += "  " + line(flip) + "\n" }
        if worse.count > shownCount { text += "  … \(worse.count - shownCount) more in --json\n" }
        return text
    }

    /// The two answers of a sample; of pairs, which have none, the scores that changed.
    private static func line(_ flip: SampleFlip) -> String {
        let id = TerminalText.shortened(TerminalText.escaped(flip.first.id), to: shownWidth)
        guard flip.first.answer == nil, flip.second.answer == nil else {
            return "\(id): \(quoted(flip.first.answer)) → \(quoted(flip.second.answer))"
        }
        let changed = flip.first.scores.sorted { $0.key < $1.key }.compactMap { name, before in
            flip.second.scores[name].flatMap { after -> String? in
                let display = MetricDisplay(metric: name)
                return after == before
                    ? nil : "\(name) \(display.text(before)) → \(display.text(after))"
            }
        }
        return "\(id): " + (changed.isEmpty ? "–" : changed.joined(separator: ", "))
    }

    /// The category values over which the headline falls, and rises, the most.
    private static func categories(_ comparison: RunComparison) -> String {
        let losses = comparison.categories.filter { $0.difference < 0 }
        let gains = comparison.categories.filter { $0.difference > 0 }.reversed()
        return categories("losses", losses.prefix(shownCount), comparison)
            + categories("gains", gains.prefix(shownCount), comparison)
    }

    private static func categories(
        _ name: String,
        _ found: some Collection<CategoryDifference>,
        _ comparison: RunComparison
    ) -> String {
        guard let metric = comparison.flipMetric, !found.isEmpty else { return "" }
        let display = MetricDisplay(metric: metric)
        let listed = found.map { loss in
            "\(loss.category) \"\(loss.value)\" \(display.text(difference: loss.difference)), n = "
                + "\(loss.count), p \(PairedMetricText.probability(loss.adjustedProbability))"
        }
        return "biggest \(name)\(by(comparison)) (exploratory, p by Holm): "
            + TerminalText.escaped(listed.joined(separator: "; ")) + "\n"
    }

    private static func quoted(_ answer: String?) -> String {
        answer.map { "\"\(TerminalText.shortened(TerminalText.escaped($0), to: shownWidth))\"" }
            ?? "–"
    }
}
