public import EvalCore
internal import Statistics

/// The runs of one command at its end, for terminals: a line per run, joined over seeds.
public struct MatrixTable: Sendable {
    private let runs: [RunSummary]
    private let groups: [SeedGroup]
    private let titles: [String: String]

    /// Prepares a rendering.
    /// - Parameters:
    ///   - runs: the command's runs, in its order.
    ///   - groups: those of them that differ in their seed.
    ///   - titles: task name → title; a task that is not listed shows its name.
    public init(_ runs: [RunSummary], _ groups: [SeedGroup], titles: [String: String]) {
        self.runs = runs
        self.groups = groups
        self.titles = titles
    }

    /// An aligned table, ending in a line feed.
    public var text: String {
        let hasSeveral = !groups.isEmpty
        var table = AlignedTable(
            [
                ("model", .left), ("benchmark", .left), ("shots", .right), ("settings", .left),
                ("seeds", .left), ("headline", .left), ("value", .right),
            ] + (hasSeveral ? [("sd", .right)] : [])
        )
        for run in runs {
            let group = groups.first { group in group.runs.contains { $0.run == run.run } }
            if let group, firstShown(of: group) != run.run { continue }
            table.add(cells(run, group) + (hasSeveral ? [spread(group)] : []))
        }
        return table.text + (hasSeveral ? Self.note : "")
    }

    private static let note =
        "± of several seeds joins the items' error with the seeds'; sd is over the seeds alone.\n"

    /// The run of a group that comes first in the command's order.
    private func firstShown(of group: SeedGroup) -> String? {
        let names = Set(group.runs.map(\.run))
        return runs.first { names.contains($0.run) }?.run
    }

    private func cells(_ run: RunSummary, _ group: SeedGroup?) -> [String] {
        let recipe = run.plan.recipe
        let title = titles[recipe.task] ?? recipe.task
        let seeds = group?.seeds ?? [recipe.seed]
        let metric = run.metrics.first
        return [
            recipe.engine.model + (run.plan.isDemo ? " (demo)" : ""),
            "\(title) \(recipe.split)", String(recipe.shots), SeedTable.settings(recipe),
            seeds.map(String.init).joined(separator: ","),
            metric.map { MetricDisplay(metric: $0.metric).title } ?? "–",
            group.map(mean) ?? value(run),
        ]
    }

    private func mean(_ group: SeedGroup) -> String {
        let display = MetricDisplay(metric: group.metric)
        let estimate = group.estimate
        let interval = estimate.interval.map { " " + display.text($0, around: estimate.mean) }
        return display.text(estimate.mean) + (interval ?? "") + (group.isComparable ? "" : " †")
    }

    private func value(_ run: RunSummary) -> String {
        guard run.status == .done else { return run.status.rawValue }
        guard let metric = run.metrics.first, let value = metric.value else { return "n/a" }
        let display = MetricDisplay(metric: metric.metric)
        let interval = metric.interval.map { " " + display.text($0, around: value) } ?? ""
        return display.text(value) + interval + (run.isComparable ? "" : " †")
    }

    private func spread(_ group: SeedGroup?) -> String {
        guard let group, let spread = group.estimate.spread else { return "" }
        let display = MetricDisplay(metric: group.metric)
        return (spread * display.scale).fixed(max(2, display.digits))
    }
}
