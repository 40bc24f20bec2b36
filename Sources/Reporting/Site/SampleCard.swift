internal import EvalCore

/// One sample of a page: a line that opens to everything about it.
struct SampleCard: Sendable {
    let sample: SampleView
    let run: RunSummary
    let tags: [String]
    /// The page that it stands on.
    let path: String
    let neighbours: (before: SampleView?, after: SampleView?)
    private static let shownCandidates = 8
    private static let shownReferences = 3
    private static let shownScores = 3

    private var record: SampleRecord { sample.record }
    private var headline: String? { run.metrics.first?.metric }
    private var source: SampleView.Source? {
        if case .success(let source) = sample.source { source } else { nil }
    }

    var node: MarkupNode {
        .node(
            "details",
            [
                .style("sample"), MarkupAttribute("id", Self.anchor(sample)),
                MarkupAttribute("data-tags", tags.joined(separator: " ")),
            ],
            [summary, .node("div", [.style("inside")], inside)]
        )
    }

    /// Where a sample stands on its page: its number in query order.
    static func anchor(_ sample: SampleView) -> String { "s\(sample.record.ordinal)" }

    private var summary: MarkupNode {
        let answer = MarkupNode.node("div", [], [.node("b", [], "→ \(outcome)")])
        let what = question + [answer] + truth + identity
        return .node("summary", [], [picture, .node("div", [.style("what")], what), badge])
    }

    /// Its first picture, small.
    var picture: MarkupNode {
        source?.pictures.first.map { thumbnail($0) } ?? Self.gone("no picture")
    }

    /// What the query itself asks, if it does.
    var question: [MarkupNode] {
        guard let question = source?.question, !question.isEmpty else { return [] }
        return [.node("div", [], TerminalText.shortenedInside(question, to: 300))]
    }

    /// What came out.
    var outcome: String {
        let text = record.failure.map { "\($0.code): \($0.message)" } ?? given
        return TerminalText.shortened(text, to: 300)
    }

    /// The first references.
    var truth: [MarkupNode] {
        guard let references = source?.references, !references.isEmpty else { return [] }
        let shown = references.prefix(Self.shownReferences).joined(separator: " · ")
        let more = references.count > Self.shownReferences ? " · …" : ""
        let text = "truth: \(TerminalText.shortened(shown, to: 300))\(more)"
        return [.node("div", [.style("quiet")], text)]
    }

    /// Its number and id.
    var identity: [MarkupNode] {
        [.node("div", [.style("id")], "#\(record.ordinal) · \(record.id)")]
    }

    /// Line feeds as `\n`: answers that differ in these alone must not look equal.
    ///
    /// A sample of pairs has no answer: its scores tell how it went.
    private var given: String {
        if let text = record.answer ?? record.output { return TerminalText.escaped(text) }
        let scores = record.scores.prefix(Self.shownScores).map { score in
            let display = MetricDisplay(metric: score.metric)
            return "\(display.title) \(display.text(score.value))"
        }
        return scores.isEmpty ? "–" : scores.joined(separator: " · ")
    }

    private var badge: MarkupNode {
        let outcome = SampleOutcome(sample, headline: headline)
        let score = headline.flatMap { name in
            record.score(of: name).map { MetricDisplay(metric: name).text($0) }
        }
        let text =
            outcome == .unscored
            ? score ?? "–" : [outcome.title, score].compactMap(\.self).joined(separator: " ")
        let look: MarkupAttribute =
            switch outcome {
            case .right: .style("badge right")
            case .wrong: .style("badge wrong")
            case .failed: .style("badge failed")
            case .partly: .style("badge partly")
            case .unscored: .style("badge")
            }
        return .node("span", [look], text)
    }

    private var inside: [MarkupNode] {
        let pictures = MarkupNode.node("div", [], (source?.pictures ?? []).map(figure))
        let full = shots + prompts + steps
        return [pictures, .node("div", [], facts), .node("div", [.style("full")], full)]
    }
}

extension SampleCard {
    /// What the run kept of it.
    var facts: [MarkupNode] {
        var facts: [(name: String, value: String?)] = [
            ("output", record.output.map(TerminalText.showingWhitespace)),
            ("answer", record.answer.map(TerminalText.escaped)),
            ("finish", record.finish?.rawValue),
            ("truth", source.map { $0.references.joined(separator: " · ") }),
        ]
        if let failure = record.failure {
            facts.append(("error", "\(failure.code): \(failure.message)"))
        }
        facts += record.scores.map { score in
            let display = MetricDisplay(metric: score.metric)
            return (display.title, display.text(score.value))
        }
        facts.append(("candidates", candidates))
        facts += record.categories.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        if record.excludedCount > 0 {
            facts.append(("excluded", "\(record.excludedCount) support samples show its picture"))
        }
        if record.droppedShotCount > 0 {
            facts.append(("dropped", "\(record.droppedShotCount) shots, prompt over the limit"))
        }
        facts += [
            ("prompt", record.promptTokenCount.map { "\($0) tokens" }),
            ("sha256", record.promptSHA256),
        ]
        return [PageParts.facts(facts)]
    }

    /// The likeliest candidates with their scores; of several pictures, which one it is scored
    /// with.
    private var candidates: String? {
        guard let names = source?.candidates, !names.isEmpty, !record.candidateLogprobs.isEmpty
        else { return nil }
        let scored = record.candidateLogprobs.enumerated().sorted {
            ($1.element, $0.offset) < ($0.element, $1.offset)
        }
        let shown = scored.prefix(Self.shownCandidates).map { index, score in
            let isOfSeveral = record.candidateLogprobs.count > names.count
            let picture = isOfSeveral ? " (picture \(index / names.count))" : ""
            return names[index % names.count] + picture + " " + MetricDisplay.logprob.text(score)
        }
        let rest = scored.count > shown.count ? " · … \(scored.count) in all" : ""
        return shown.joined(separator: " · ") + rest
    }

    /// Its shots with their pictures.
    var shots: [MarkupNode] {
        guard let source, !source.shots.isEmpty else { return [] }
        let title = record.shotsAreTextOnly ? "Shots, as text only" : "Shots, in prompt order"
        let display = MetricDisplay(metric: "similarity")
        let items = source.shots.map { shot -> MarkupNode in
            let similarity = shot.similarity.map { " (\(display.text($0)))" } ?? ""
            let pictures = record.shotsAreTextOnly ? [] : shot.pictures.map { thumbnail($0) }
            return .node(
                "li",
                [],
                pictures + [
                    .node("div", [], TerminalText.shortened(shot.answer, to: 120)),
                    .node("div", [.style("quiet")], shot.id + similarity),
                ]
            )
        }
        return [.node("h3", [], title), .node("ul", [.style("shots")], items)]
    }

    /// Its prompts, exactly, or why they cannot be shown.
    var prompts: [MarkupNode] {
        switch sample.source {
        case .failure(let failure):
            return [
                .node("h3", [], "Prompt"),
                .node("p", [.style("note")], "Not shown: \(failure.message)"),
            ]
        case .success(let source):
            let warning = "The data have changed since: the run's shots were others than these."
            let changed =
                source.hasStoredShots ? [] : [MarkupNode.node("p", [.style("note")], warning)]
            let title = "Prompt, exactly: · is a space, ⏎ a line feed"
            return changed + [.node("h3", [], title)]
                + source.prompts.map { .node("pre", [], $0.map(piece)) }
        }
    }

    private func piece(_ piece: SampleView.Piece) -> MarkupNode {
        switch piece {
        case .markup(let text):
            .node("span", [.style("markup")], TerminalText.showingWhitespace(text))
        case .text(let text): .text(TerminalText.showingWhitespace(text))
        case .picture(let picture): .node("span", [.style("here")], "⟨\(picture.name)⟩")
        }
    }

    private var steps: [MarkupNode] {
        let links = [
            ("Previous sample", neighbours.before, "-1"), ("Next sample", neighbours.after, "1"),
        ]
        let items = links.compactMap { title, neighbour, step in
            neighbour.map { sample in
                MarkupNode.node(
                    "li",
                    [],
                    [
                        .node(
                            "a",
                            [
                                .link(PageLink(anchor: Self.anchor(sample))),
                                MarkupAttribute("data-step", step),
                            ],
                            title
                        )
                    ]
                )
            }
        }
        return items.isEmpty ? [] : [.node("ul", [.style("buttons")], items)]
    }

    private func figure(_ picture: PictureView) -> MarkupNode {
        let caption = MarkupNode.node("figcaption", [], picture.name)
        return .node("figure", [.style("picture small")], [image(picture, classes: nil), caption])
    }

    private func thumbnail(_ picture: PictureView) -> MarkupNode {
        image(picture, classes: .style("thumb"))
    }

    private func image(_ picture: PictureView, classes: MarkupAttribute?) -> MarkupNode {
        switch picture.state {
        case .missing(let reason): return Self.gone(reason)
        case .shown(let thumbnail):
            let target = PageLink(to: thumbnail.sitePath, from: path)
            let attributes: [MarkupAttribute] = [
                .source(target), MarkupAttribute("alt", picture.name),
                .number("width", Double(thumbnail.width)),
                .number("height", Double(thumbnail.height)), MarkupAttribute("loading", "lazy"),
            ]
            return .node("img", (classes.map { [$0] } ?? []) + attributes, [])
        }
    }

    /// What stands for a picture that cannot be shown.
    private static func gone(_ reason: String) -> MarkupNode {
        .node(
            "span",
            [.style("gone"), MarkupAttribute("title", reason)],
            TerminalText.shortened(reason, to: 60)
        )
    }
}
