internal import Comparison
internal import EvalCore

/// The page of two runs: what differs, what came of it, and the samples that flipped side by side.
struct ComparisonPage: Sendable {
    let site: Site
    let view: ComparisonView
    private var comparison: RunComparison { view.comparison }
    /// Categories shown at most.
    private static let lossLimit = 12

    var page: SitePage {
        SitePage(
            path: view.pair.path,
            title: "Comparison",
            trail: [("Runs", "index.html"), (site.name(view.second), Site.path(of: view.second))],
            hasScript: true,
            content: head + metrics + settings + losses + flips
        )
    }

    private var head: [MarkupNode] {
        let recipe = view.second.plan.recipe
        let title = "\(site.source.title(recipe.task)) \(recipe.split): \(view.difference)"
        let sides = [("A", view.first), ("B", view.second)].map { letter, run in
            MarkupNode.node(
                "p",
                [],
                [
                    .node("b", [], letter + " "),
                    .node(
                        "a",
                        [.link(PageLink(to: Site.path(of: run), from: view.pair.path))],
                        site.name(run)
                    ),
                    .text(", " + site.settings(run)),
                ]
            )
        }
        let verdict: [MarkupNode] = [
            .node("p", [headlineStyle], comparison.verdict.rawValue),
            .node("p", [], sentence + comparison.reason + "."),
        ]
        let remarks = remarks.map { MarkupNode.node("p", [.style("note")], $0) }
        return [.node("h1", [], title)] + sides + verdict + remarks
    }

    private var headlineStyle: MarkupAttribute {
        switch comparison.verdict {
        case .improved: .style("headline better")
        case .regressed: .style("headline worse")
        case .equivalent, .inconclusive, .notComparable: .style("headline")
        }
    }

    /// The headline's difference in a sentence.
    private var sentence: String {
        guard let metric = comparison.metrics.first, metric.estimate != nil else { return "" }
        let (text, display) = (PairedMetricText(metric), MetricDisplay(metric: metric.metric))
        return "\(display.title) \(text.difference) \(text.interval), p \(text.probability), "
            + "threshold \(display.text(metric.margin)): "
    }

    /// What must be said about samples and prompts.
    private var remarks: [String] {
        let unmatched = [
            ("A", comparison.unmatchedInFirst), ("B", comparison.unmatchedInSecond),
        ]
        let missing = unmatched.filter { $0.1 > 0 }.map { letter, count in
            "\(count) samples of \(letter) have no result in both runs and are left out."
        }
        // Other shots make other prompts, which the setting says already.
        let isExpected = view.first.plan.recipe.shots != view.second.plan.recipe.shots
        let changed = comparison.changedPromptCount
        return changed > 0 && !isExpected
            ? missing + ["\(changed) of \(comparison.pairCount) prompts differ."] : missing
    }

    private var metrics: [MarkupNode] {
        let rows = comparison.metrics.map { metric -> [PageParts.Cell] in
            let text = PairedMetricText(metric)
            return [
                .head(MetricDisplay(metric: metric.metric).title), .number(text.first),
                .number(text.second), .number(text.difference), .number(text.interval),
                .number(text.probability), .text(metric.verdict.rawValue), .text(text.method),
            ]
        }
        return [
            .node("h2", [], "Metrics over \(comparison.pairCount) pairs of samples"),
            PageParts.table(
                [
                    ("Metric", false), ("A", true), ("B", true), ("B − A", true), ("95 %", true),
                    ("p", true), ("Verdict", false), ("Method", false),
                ],
                rows,
                label: "Metrics"
            ),
        ]
    }

    private var settings: [MarkupNode] {
        let rows = comparison.differences.map { setting -> [PageParts.Cell] in
            [.head(setting.name), .text(setting.first), .text(setting.second)]
        }
        guard !rows.isEmpty else { return [] }
        return [
            .node("h2", [], "What differs between the recipes"),
            PageParts.table(
                [("Setting", false), ("A", false), ("B", false)],
                rows,
                label: "Settings that differ"
            ),
        ]
    }

    /// Names the metric of samples where it is not the headline.
    private var by: String {
        guard let metric = comparison.flipMetric, metric != comparison.metrics.first?.metric else {
            return ""
        }
        return ", by " + MetricDisplay(metric: metric).title
    }

    private var losses: [MarkupNode] {
        let losses = comparison.categories.filter { $0.difference < 0 }.prefix(Self.lossLimit)
        guard !losses.isEmpty else { return [] }
        let display = MetricDisplay(metric: comparison.flipMetric ?? "")
        let rows = losses.map { loss -> [PageParts.Cell] in
            [
                .head(loss.value), .text(loss.category),
                .number(display.text(difference: loss.difference)), .number(String(loss.count)),
                .number(PairedMetricText.probability(loss.adjustedProbability)),
            ]
        }
        return [
            .node("h2", [], "Biggest losses" + by),
            .node(
                "p",
                [.style("quiet")],
                "Exploratory: found by looking. p is adjusted for the number of categories."
            ),
            PageParts.table(
                [
                    ("Value", false), ("Category", false), ("B − A", true), ("n", true),
                    ("p", true),
                ],
                rows,
                label: "Biggest losses"
            ),
        ]
    }

    private var flips: [MarkupNode] {
        let total = comparison.flips.count
        let worse = comparison.flips.count { $0.difference < 0 }
        let better = comparison.flips.count { $0.difference > 0 }
        let what =
            "Lower in B: \(worse), higher: \(better), another answer with the same score: "
            + "\(total - worse - better)."
        let rest = total - view.flips.count
        let more = rest > 0 ? " \(view.flips.count) of these \(total) are shown." : ""
        let cards = view.flips.map { FlipCard(flip: $0, view: view).node }
        return [.node("h2", [], "Samples that changed" + by), .node("p", [], what + more)]
            + (cards.isEmpty ? [] : [FlipCard.filters]) + cards
    }
}
