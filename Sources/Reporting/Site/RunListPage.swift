internal import Comparison
internal import EvalCore

/// The first page of the site: all runs by benchmark.
struct RunListPage: Sendable {
    let site: Site
    let extent: Site.Extent
    let comparisons: [ComparedPair]
    private static let path = "index.html"

    var page: SitePage {
        let runs = site.runs
        let benchmarks = grouped(runs) { "\($0.plan.recipe.task)/\($0.plan.recipe.split)" }
        return SitePage(
            path: Self.path,
            title: "Runs",
            trail: [],
            content: [.node("h1", [], "Runs")] + notes(runs)
                + benchmarks.flatMap { benchmark($0.elements) } + compared + held
        )
    }

    private func notes(_ runs: [RunSummary]) -> [MarkupNode] {
        var notes = [
            MarkupNode.node(
                "p",
                [.style("quiet")],
                "\(runs.count) finished runs. ± is the 95 % interval; † marks numbers that may not "
                    + "stand beside published ones or other runs."
            )
        ]
        if runs.contains(where: \.plan.isDemo) {
            notes.append(
                .node(
                    "p",
                    [.style("note")],
                    "Demo: made with the bundled toy model or data; says nothing about IDEFICS."
                )
            )
        }
        return notes
    }

    private func benchmark(_ runs: [RunSummary]) -> [MarkupNode] {
        let recipe = runs[0].plan.recipe
        let metric = runs.lazy.compactMap(\.metrics.first).first
        let title = metric.map { MetricDisplay(metric: $0.metric).title } ?? "value"
        let name = "\(site.source.title(recipe.task)) \(recipe.split)"
        return [
            .node("h2", [], name),
            PageParts.table(
                [
                    ("Shots", false), (title, true), ("95 %", true), ("Samples", true),
                    ("Model", false), ("Settings", false), ("", false),
                ],
                runs.map(row),
                label: "Runs of \(name)"
            ),
        ]
    }

    private func row(_ run: RunSummary) -> [PageParts.Cell] {
        let recipe = run.plan.recipe
        let (value, interval) = Site.headline(run)
        let mark = run.isComparable && !run.plan.isSubset ? "" : " †"
        let shots = recipe.shots == 1 ? "1 shot" : "\(recipe.shots) shots"
        let samples = PageLink(to: Site.samplesPath(of: run), from: Self.path)
        return [
            .link(shots, PageLink(to: Site.path(of: run), from: Self.path)),
            .number(value + mark), .number(interval),
            .number("\(run.finishedCount - run.errorCount) of \(run.plan.sampleCount)"),
            .text(recipe.engine.model + (run.plan.isDemo ? " (demo)" : "")),
            .text(Site.rules(run)),
            .nodes(
                [
                    .node(
                        "a",
                        [
                            .link(samples),
                            MarkupAttribute("aria-label", "samples of \(site.name(run))"),
                        ],
                        "samples"
                    )
                ]
            ),
        ]
    }

    private var compared: [MarkupNode] {
        guard !comparisons.isEmpty else { return [] }
        let counts = Dictionary(site.runs.map { (site.name($0), 1) }, uniquingKeysWith: +)
        // A run's name, with its settings where others share the name.
        let names = Dictionary(
            site.runs.map { run in
                let name = site.name(run)
                return (run.run, counts[name] == 1 ? name : "\(name), \(site.settings(run))")
            },
            uniquingKeysWith: { first, _ in first }
        )
        let rows = comparisons.map { pair -> [PageParts.Cell] in
            let target = PageLink(to: pair.path, from: Self.path)
            let text = pair.metric.map(PairedMetricText.init)
            return [
                .text(names[pair.second] ?? pair.second), .link(pair.difference, target),
                .number(text?.first ?? "–"), .number(text?.second ?? "–"),
                .number(text?.difference ?? "–"), .number(text?.interval ?? "–"),
                .number(text?.probability ?? "–"), .text(pair.verdict.rawValue),
            ]
        }
        return [
            .node("h2", [], "Comparisons"),
            PageParts.table(
                [
                    ("Run", false), ("What differs", false), ("A", true), ("B", true),
                    ("B − A", true), ("95 %", true), ("p", true), ("Verdict", false),
                ],
                rows,
                label: "Comparisons"
            ),
        ]
    }

    private var held: [MarkupNode] {
        let omitted =
            extent.omittedPictures > 0
            ? " \(extent.omittedPictures) more pictures are left out: the limit of the site's size "
                + "is reached." : ""
        return [
            .node("h2", [], "What this site holds"),
            .node(
                "p",
                [],
                "At most \(extent.samplesPerRun) samples of each run, with thumbnails of at most 256 "
                    + "pixels: \(extent.pictureCount) pictures, "
                    + "\(Self.mebibytes(extent.pictureBytes)) MiB." + omitted
            ),
        ]
    }

    private static func mebibytes(_ bytes: Int) -> String {
        (Double(bytes) / 1_048_576).fixed(1)
    }
}
