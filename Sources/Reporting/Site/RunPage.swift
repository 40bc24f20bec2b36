internal import EvalCore

/// The page of one run: metrics, breakdowns, recipe, provenance, attempts.
struct RunPage: Sendable {
    let site: Site
    let run: RunSummary
    let attempts: [RunAttempt]
    let comparisons: [ComparedPair]
    /// Values of a category shown at most.
    private static let maximumValues = 40

    private var path: String { Site.path(of: run) }

    var page: SitePage {
        SitePage(
            path: path,
            title: site.name(run),
            trail: [("Runs", "index.html")],
            content: head + PageParts.warnings(run) + links + chart + metrics + breakdowns + recipe
                + work
        )
    }

    private var head: [MarkupNode] {
        let (value, interval) = Site.headline(run)
        let metric = run.metrics.first.map { MetricDisplay(metric: $0.metric).title } ?? ""
        return [
            .node("h1", [], site.name(run)), .node("p", [.style("quiet")], site.settings(run)),
            .node(
                "p",
                [.style("headline")],
                [.text(value + " "), .node("small", [], "\(interval) \(metric)")]
            ),
            .node("p", [.style("quiet")], RunText.extent(run.plan)),
        ]
    }

    private var links: [MarkupNode] {
        let own = comparisons.filter { $0.first == run.run || $0.second == run.run }
        let pairs = own.map { pair in
            (title: "Compare: \(pair.difference)", target: PageLink(to: pair.path, from: path))
        }
        let samples = PageLink(to: Site.samplesPath(of: run), from: path)
        let all = [(title: "Browse samples", target: samples)] + pairs
        return [
            .node(
                "ul",
                [.style("buttons")],
                all.map { .node("li", [], [.node("a", [.link($0.target)], $0.title)]) }
            )
        ]
    }

    private var chart: [MarkupNode] {
        let recipe = run.plan.recipe
        let charts = site.source.charts(ofTask: recipe.task).filter { $0.split == recipe.split }
        // Focusable, so that a keyboard can scroll it where the page is narrow.
        return charts.map {
            .node("figure", [MarkupAttribute("tabindex", "0")], [ShotChartSVG($0.chart).inline])
        }
    }

    private var metrics: [MarkupNode] {
        guard !run.metrics.isEmpty else { return [] }
        let rows = run.metrics.map { metric -> [PageParts.Cell] in
            let display = MetricDisplay(metric: metric.metric)
            let interval = metric.value.flatMap { value in
                metric.interval.map { display.text($0, around: value) }
            }
            return [
                .head(display.title), .number(metric.value.map(display.text) ?? "n/a"),
                .number(interval ?? "–"),
                .text(
                    [metric.intervalMethod, metric.reason].compactMap(\.self).joined(
                        separator: "; "
                    )
                ),
                .number(String(metric.count)), .text("\(metric.metric) version \(metric.version)"),
            ]
        }
        return [
            .node("h2", [], "Metrics"),
            PageParts.table(
                [
                    ("Metric", false), ("Value", true), ("95 %", true), ("Interval", false),
                    ("n", true), ("Definition", false),
                ],
                rows,
                label: "Metrics"
            ),
        ]
    }

    private var breakdowns: [MarkupNode] {
        guard let headline = run.metrics.first, !headline.breakdown.isEmpty else { return [] }
        let display = MetricDisplay(metric: headline.metric)
        let all = headline.breakdown.values.flatMap(\.values).map(\.value)
        let largest = max(display.scale == 100 ? 1 : 0, all.max() ?? 0)
        let categories = headline.breakdown.sorted { $0.key < $1.key }
        return [.node("h2", [], "\(display.title) by category")]
            + categories.flatMap { category, values -> [MarkupNode] in
                let sorted = values.sorted { left, right in
                    left.value.count != right.value.count
                        ? left.value.count > right.value.count : left.key < right.key
                }
                let rows = sorted.prefix(Self.maximumValues).map {
                    name,
                    value -> [PageParts.Cell] in
                    let share = largest > 0 ? value.value / largest : 0
                    return [
                        .head(name), .number(display.text(value.value)),
                        .nodes([PageParts.meter(share)]), .number(String(value.count)),
                    ]
                }
                let rest = sorted.count - rows.count
                let heads = [
                    (GroupCategory.title(category), false), (display.title, true), ("", false),
                    ("n", true),
                ]
                return [PageParts.table(heads, rows, label: "By \(category)")]
                    + (rest > 0
                        ? [.node("p", [.style("quiet")], "\(rest) rarer values are not shown.")]
                        : [])
            }
    }
}

extension RunPage {
    private var recipe: [MarkupNode] {
        let recipe = run.plan.recipe
        let facts: [(name: String, value: String?)] = [
            ("run", run.run), ("label", run.plan.label), ("task", recipe.task),
            ("split", recipe.split), ("limit", recipe.limit.map(String.init)),
            ("shots", String(recipe.shots)), ("selection", recipe.selection),
            ("encoder", recipe.selectionEncoder), ("seed", String(recipe.seed)),
            ("protocol", recipe.promptProtocol), ("variant", recipe.variant),
            ("end of chunk", recipe.endOfChunk), ("precision", recipe.engine.precision),
            ("overlong", recipe.overlong), ("truncated images", recipe.truncatedImages),
            ("support set", run.plan.supportCount.map { "\($0) samples" }),
        ]
        let templates = (recipe.templates?.visible ?? []).map { (name: $0.name, value: $0.text) }
        let digests: [(name: String, value: String?)] = [
            ("model", recipe.engine.model), ("weights", recipe.engine.weightsDigest),
            ("tokenizer", recipe.engine.tokenizerDigest),
            ("processor", recipe.engine.processorDigest), ("kernels", recipe.engine.kernelSet),
            ("task file", "version \(recipe.taskVersion), \(recipe.taskDigest)"),
            ("data", recipe.dataDigest), ("selection", recipe.selectionDigest),
            ("support set", recipe.supportDigest),
        ]
        return [
            .node("h2", [], "Recipe"), PageParts.facts(facts),
            .node("div", [.style("mono")], [PageParts.facts(templates)]),
            .node("h2", [], "Provenance"),
            .node("div", [.style("mono")], [PageParts.facts(digests)]),
        ]
    }

    private var work: [MarkupNode] {
        guard site.showsTimes, !attempts.isEmpty else { return [] }
        let rows = attempts.map { attempt -> [PageParts.Cell] in
            let description = attempt.description
            let rate = attempt.seconds.flatMap { seconds in
                seconds > 0 ? (Double(attempt.sampleCount) / seconds).fixed(2) : nil
            }
            return [
                .text(PageParts.time(attempt.started)),
                .number(attempt.seconds.map { $0.fixed(1) + " s" } ?? "–"),
                .number(String(attempt.sampleCount)), .number(rate ?? "–"),
                .text(attempt.ending ?? "not known"), .number(String(description.threads)),
                .text("\(description.cpu), \(description.system)"),
                .text(
                    description.toolVersion
                        + (description.commit.map { " (\($0.prefix(10)))" } ?? "")
                ),
            ]
        }
        return [
            .node("h2", [], "Work"),
            .node(
                "p",
                [.style("quiet")],
                "\(run.generatedCount) samples computed in \(run.attemptCount) "
                    + (run.attemptCount == 1 ? "attempt." : "attempts.")
            ),
            PageParts.table(
                [
                    ("Started", false), ("Time", true), ("Samples", true), ("per second", true),
                    ("Ended", false), ("Threads", true), ("Machine", false), ("Tool", false),
                ],
                rows,
                label: "Attempts"
            ),
        ]
    }
}
