internal import EvalCore

/// The page of two runs: what differs, what came of it, and the samples that flipped side by side.
struct ComparisonPage: Sendable {
    let site: Site
    let view: ComparisonView

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
        let title = "\(site.source.title(recipe.task)) \(recipe.split): \(view.pair.difference)"
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
            .node("p", [.style("headline")], view.pair.verdict), .node("p", [], view.reason),
        ]
        let remarks = view.remarks.map { MarkupNode.node("p", [.style("note")], $0) }
        return [.node("h1", [], title)] + sides + verdict + remarks
    }

    private var metrics: [MarkupNode] {
        let rows = view.metrics.map { metric -> [PageParts.Cell] in
            let display = MetricDisplay(metric: metric.metric)
            let ends = metric.interval.map { [$0.lowerBound, $0.upperBound] } ?? []
            let interval = ends.map { display.text(difference: $0) }.joined(separator: ", ")
            return [
                .head(display.title), .number(metric.first.map(display.text) ?? "n/a"),
                .number(metric.second.map(display.text) ?? "n/a"),
                .number(metric.difference.map { display.text(difference: $0) } ?? "n/a"),
                .number(interval.isEmpty ? "–" : "[\(interval)]"),
                .number(metric.p.map { $0 < 0.001 ? "< 0.001" : $0.fixed(3) } ?? "–"),
                .text(metric.verdict), .text(metric.method),
            ]
        }
        return [
            .node("h2", [], "Metrics over \(view.pairCount) pairs of samples"),
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
        let rows = view.settings.map { setting -> [PageParts.Cell] in
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

    private var losses: [MarkupNode] {
        guard !view.losses.isEmpty else { return [] }
        let display = MetricDisplay(metric: view.second.metrics.first?.metric ?? "")
        let rows = view.losses.map { loss -> [PageParts.Cell] in
            [
                .head(loss.value), .text(loss.category),
                .number(display.text(difference: loss.difference)), .number(String(loss.count)),
                .number(loss.p.map { $0.fixed(3) } ?? "–"),
            ]
        }
        return [
            .node("h2", [], "Biggest losses"),
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
        let counts = view.counts
        let total = counts.better + counts.worse + counts.changed
        let what =
            "\(counts.worse) samples scored lower in B, \(counts.better) higher, \(counts.changed) "
            + "have another answer with the same score."
        let rest = total - view.flips.count
        let more = rest > 0 ? " \(view.flips.count) of these \(total) are shown." : ""
        let cards = view.flips.map { FlipCard(flip: $0, view: view).node }
        return [.node("h2", [], "Samples that changed"), .node("p", [], what + more)]
            + (cards.isEmpty ? [] : [FlipCard.filters]) + cards
    }
}
