internal import EvalCore
internal import Statistics

/// Mean and spread over seeds, under a table or list of runs.
public struct SeedTable: Sendable {
    private let groups: [SeedGroup]
    private let titles: [String: String]

    /// Prepares a rendering.
    /// - Parameters:
    ///   - groups: runs that differ in their seed.
    ///   - titles: task name → title; a task that is not listed shows its name.
    public init(_ groups: [SeedGroup], titles: [String: String] = [:]) {
        self.groups = groups
        self.titles = titles
    }

    /// A markdown table with its notes, ending in a line feed; empty without groups.
    public var markdown: String {
        guard !groups.isEmpty else { return "" }
        let heads = Self.heads.map(\.head)
        let rules = Self.heads.map { $0.alignment == .left ? ":--" : "--:" }
        let rows = groups.map { cells($0).map(MarkdownText.escaped) }
        let table = ([heads, rules] + rows).map { "| \($0.joined(separator: " | ")) |\n" }
        return table.joined() + "\n" + notes.map { "- \($0)\n" }.joined()
    }

    /// An aligned table for terminals; empty without groups.
    public var text: String {
        guard !groups.isEmpty else { return "" }
        var table = AlignedTable(Self.heads)
        for group in groups { table.add(cells(group)) }
        return table.text
    }

    private static let heads: [(head: String, alignment: AlignedTable.Alignment)] = [
        ("Model", .left), ("Shots", .right), ("Settings", .left), ("Benchmark", .left),
        ("Seeds", .left), ("Mean", .right), ("SD over seeds", .right), ("Range", .right),
    ]

    private func cells(_ group: SeedGroup) -> [String] {
        let recipe = group.first.plan.recipe
        let estimate = group.estimate
        let display = MetricDisplay(metric: group.metric)
        let interval = estimate.interval.map { " " + display.text($0, around: estimate.mean) }
        let title = titles[recipe.task] ?? recipe.task
        return [
            recipe.engine.model + (group.first.plan.isDemo ? " (demo)" : ""),
            String(recipe.shots), Self.settings(recipe),
            "\(title) \(recipe.split) \(display.title)",
            group.seeds.map(String.init).joined(separator: ", "),
            display.text(estimate.mean) + (interval ?? "") + (group.isComparable ? "" : " †"),
            estimate.spread.map { (($0 * display.scale).fixed(max(2, display.digits))) } ?? "n/a",
            "\(display.text(estimate.range.lowerBound))–\(display.text(estimate.range.upperBound))",
        ]
    }

    static func settings(_ recipe: RunRecipe) -> String {
        let encoder = recipe.selectionEncoder.map { " by \($0)" } ?? ""
        return "\(recipe.selectionTitle)\(encoder) \(recipe.promptProtocol) \(recipe.variant) "
            + recipe.engine.precision
    }

    private var notes: [String] {
        let methods = grouped(groups, by: \.itemMethod).map { method, groups in
            let tasks = grouped(groups, by: \.first.plan.recipe.task).map(\.key)
            return MarkdownText.escaped("\(method) (\(tasks.joined(separator: ", ")))")
        }
        return [
            "Several seeds: ± is the 95 % interval of the mean, SE² = items' SE² + SD² / seeds; "
                + "items: \(methods.joined(separator: "; ")).",
            "SD over seeds is how far one more draw of support set and shots may lie, in the unit "
                + "of the value; it is no error of the mean.",
        ]
    }
}
