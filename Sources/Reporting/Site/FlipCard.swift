internal import Comparison
internal import EvalCore

/// A sample that two runs answered differently: a line that opens to both sides.
struct FlipCard: Sendable {
    /// Which way a sample went.
    private enum Direction: String, Sendable, CaseIterable {
        case worse
        case better
        case changed

        var title: String {
            switch self {
            case .worse: "lower in B"
            case .better: "higher in B"
            case .changed: "same score"
            }
        }
    }

    let flip: ComparisonView.Flip
    let view: ComparisonView

    /// The filters of a comparison page; hidden until the script takes them over.
    static let filters = MarkupNode.node(
        "form",
        [.style("filters"), .flag("hidden")],
        [
            .node(
                "label",
                [],
                [
                    .text("Change"),
                    .node(
                        "select",
                        [],
                        [.node("option", [MarkupAttribute("value", "")], "all")]
                            + Direction.allCases.map {
                                .node("option", [MarkupAttribute("value", $0.rawValue)], $0.title)
                            }
                    ),
                ]
            ), SampleTags.search, SampleTags.count,
        ]
    )

    private var headline: String? { view.comparison.flipMetric }
    private var first: SampleCard { card(flip.first, of: view.first) }
    private var second: SampleCard { card(flip.second, of: view.second) }

    var node: MarkupNode {
        .node(
            "details",
            [
                .style("sample"), MarkupAttribute("id", SampleCard.anchor(flip.second)),
                MarkupAttribute("data-tags", direction.rawValue),
            ],
            [
                summary,
                .node("div", [.style("inside")], [.node("div", [.style("full pair")], sides)]),
            ]
        )
    }

    private func card(_ sample: SampleView, of run: RunSummary) -> SampleCard {
        SampleCard(
            sample: sample,
            run: run,
            tags: [],
            path: view.pair.path,
            neighbours: (nil, nil)
        )
    }

    private var direction: Direction {
        let scores = [flip.first, flip.second].map { sample in
            headline.flatMap { sample.record.score(of: $0) } ?? 0
        }
        return scores[1] < scores[0] ? .worse : scores[1] > scores[0] ? .better : .changed
    }

    private var summary: MarkupNode {
        let look: MarkupAttribute =
            switch direction {
            case .worse: .style("badge wrong")
            case .better: .style("badge right")
            case .changed: .style("badge")
            }
        let answers = MarkupNode.node("div", [], [.node("b", [], "A → \(first.outcome)")])
        let others = MarkupNode.node("div", [], [.node("b", [], "B → \(second.outcome)")])
        let lines = second.question + [answers, others] + second.truth + second.identity
        return .node(
            "summary",
            [],
            [
                second.picture, .node("div", [.style("what")], lines),
                .node("span", [look], direction.title),
            ]
        )
    }

    private var sides: [MarkupNode] {
        [("A", first), ("B", second)].map { letter, card in
            let title = MarkupNode.node("h3", [], "\(letter): \(card.run.plan.recipe.shots) shots")
            return .node("div", [], [title] + card.facts + card.shots + card.prompts)
        }
    }
}
