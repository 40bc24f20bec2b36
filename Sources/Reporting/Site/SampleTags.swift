internal import EvalCore

/// What the filters of a sample page can ask for, and which samples have it.
struct SampleTags: Sendable {
    private struct Filter: Sendable {
        let title: String
        /// Tag → title, in order.
        var options: [(tag: String, title: String)]
    }

    private let headline: String?
    private let categories: [String]
    private let similarityBounds: [Double]
    private let scoreBounds: [Double]
    private var filters: [Filter] = []
    /// A filter has this many values at most; rarer ones are found by searching.
    private static let maximumOptions = 60

    /// Gathers the filters of a page.
    init(_ samples: [SampleView], of run: RunSummary, in site: Site) {
        headline = run.metrics.first?.metric
        categories = Set(samples.flatMap(\.record.categories.keys)).sorted()
        similarityBounds = Self.quarters(samples.compactMap(\.nearest))
        let headline = headline
        let outcomes = Set(samples.map { SampleOutcome($0, headline: headline) })
        let graded = outcomes == [.unscored] || outcomes == [.unscored, .failed]
        scoreBounds =
            graded
            ? Self.quarters(samples.compactMap { headline.flatMap($0.record.score) }) : []
        filters = [
            Filter(
                title: "Outcome",
                options: SampleOutcome.allCases.filter(outcomes.contains).map {
                    (Self.tag($0), $0.title)
                }
            )
        ]
        if !scoreBounds.isEmpty {
            filters.append(
                Filter(
                    title: "Score",
                    options: Self.options("score", scoreBounds, Self.scores(headline))
                )
            )
        }
        filters.append(Self.flips(samples, site))
        for category in categories { filters.append(Self.filter(category, samples)) }
        if !similarityBounds.isEmpty {
            let display = MetricDisplay(metric: "similarity")
            let options = Self.options("similarity", similarityBounds, display)
            filters.append(Filter(title: "Most similar shot", options: options))
        }
        filters.removeAll { $0.options.count < 2 && $0.title != "Flipped" || $0.options.isEmpty }
    }

    /// The tags of a sample.
    func tags(of sample: SampleView) -> [String] {
        let record = sample.record
        var tags = [Self.tag(SampleOutcome(sample, headline: headline))]
        tags += sample.flips.map { Self.tag(flip: $0.key, isHigher: $0.value) }
        tags += record.categories.map { Self.tag($0.key, $0.value) }
        if let nearest = sample.nearest, !similarityBounds.isEmpty {
            tags.append("similarity-\(Self.quarter(nearest, similarityBounds))")
        }
        if let score = headline.flatMap(record.score), !scoreBounds.isEmpty {
            tags.append("score-\(Self.quarter(score, scoreBounds))")
        }
        return tags.sorted()
    }

    /// The field to search in; the script looks at the lines of samples.
    static let search = MarkupNode.node(
        "label",
        [],
        [
            .text("Search"),
            .node(
                "input",
                [
                    MarkupAttribute("type", "search"), MarkupAttribute("name", "text"),
                    MarkupAttribute("autocomplete", "off"),
                ],
                []
            ),
        ]
    )

    /// Where the script says how many samples are shown.
    static let count = MarkupNode.node(
        "span",
        [.style("shown"), MarkupAttribute("role", "status")],
        []
    )

    /// The filters; hidden until the script takes them over.
    var form: MarkupNode {
        let selects = filters.map { filter in
            MarkupNode.node(
                "label",
                [],
                [
                    .text(filter.title),
                    .node(
                        "select",
                        [],
                        [.node("option", [MarkupAttribute("value", "")], "all")]
                            + filter.options.map {
                                .node("option", [MarkupAttribute("value", $0.tag)], $0.title)
                            }
                    ),
                ]
            )
        }
        return .node(
            "form",
            [.style("filters"), .flag("hidden")],
            selects + [Self.search, Self.count]
        )
    }
}

extension SampleTags {
    private static func flips(_ samples: [SampleView], _ site: Site) -> Filter {
        let runs = Set(samples.flatMap(\.flips.keys))
        // In the order of the list of runs; a run of two hundred has no place there.
        let others = site.runs.filter { runs.contains($0.run) }
        return Filter(
            title: "Flipped",
            options: others.flatMap { run in
                let name = "\(site.name(run)) (\(site.settings(run)))"
                return [
                    (tag(flip: run.run, isHigher: true), "worse here than in \(name)"),
                    (tag(flip: run.run, isHigher: false), "better here than in \(name)"),
                ]
            }
        )
    }

    private static func filter(_ category: String, _ samples: [SampleView]) -> Filter {
        var counts: [String: Int] = [:]
        for sample in samples {
            if let value = sample.record.categories[category] { counts[value, default: 0] += 1 }
        }
        let sorted = counts.sorted {
            $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key
        }
        return Filter(
            title: GroupCategory.title(category),
            options: sorted.prefix(maximumOptions).map {
                (tag(category, $0.key), "\($0.key) (\($0.value))")
            }
        )
    }

    private static func options(
        _ name: String,
        _ bounds: [Double],
        _ display: MetricDisplay
    ) -> [(tag: String, title: String)] {
        let ends = bounds.map(display.text)
        let titles =
            ["up to \(ends[0])"]
            + zip(ends, ends.dropFirst()).map { "\($0) … \($1)" } + ["over \(ends[ends.count - 1])"]
        return titles.enumerated().map { ("\(name)-\($0)", $1) }
    }

    private static func scores(_ metric: String?) -> MetricDisplay {
        MetricDisplay(metric: metric ?? "")
    }

    /// Three bounds between quarters of the values; none for fewer than eight values or equal ones.
    private static func quarters(_ values: [Double]) -> [Double] {
        let sorted = values.sorted()
        guard sorted.count >= 8, sorted[0] < sorted[sorted.count - 1] else { return [] }
        return [1, 2, 3].map { sorted[(sorted.count * $0 + 3) / 4 - 1] }
    }

    private static func quarter(_ value: Double, _ bounds: [Double]) -> Int {
        bounds.firstIndex { value <= $0 } ?? bounds.count
    }

    private static func tag(_ outcome: SampleOutcome) -> String { "outcome-\(outcome.rawValue)" }

    private static func tag(flip run: String, isHigher: Bool) -> String {
        "flip-\(PageName.file(run))-\(isHigher ? "worse" : "better")"
    }

    private static func tag(_ category: String, _ value: String) -> String {
        "is-\(PageName.file(category))-\(PageName.file(value))"
    }
}

extension SampleView {
    /// The similarity of the shot whose picture looks most like the query's.
    var nearest: Double? { record.similarities?.max() }
}
