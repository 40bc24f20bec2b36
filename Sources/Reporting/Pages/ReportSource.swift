public import EvalCore

/// What a report's pages are made from, besides samples.
public struct ReportSource: Sendable {
    /// The runs, oldest first.
    public let runs: [RunSummary]
    /// Task name → title.
    public let titles: [String: String]
    /// The order of benchmarks.
    public let layout: TableLayout
    /// The published numbers, nil for none.
    public let published: PublishedResults?

    /// Gathers what a report is made from.
    /// - Parameters:
    ///   - runs: the runs, oldest first; those that are not done are only named.
    ///   - titles: task name → title in heads; a task that is not listed shows its name.
    ///   - layout: the order of benchmarks.
    ///   - published: the published numbers, nil for none.
    public init(
        runs: [RunSummary],
        titles: [String: String],
        layout: TableLayout = TableLayout(),
        published: PublishedResults? = nil
    ) {
        self.runs = runs
        self.titles = titles
        self.layout = layout
        self.published = published
    }

    /// The same with some of the runs.
    /// - Parameter isKept: true for a run that stays.
    /// - Returns: the source of another report.
    public func keeping(_ isKept: (RunSummary) -> Bool) -> ReportSource {
        ReportSource(
            runs: runs.filter(isKept),
            titles: titles,
            layout: layout,
            published: published
        )
    }

    /// The finished runs' tasks in the layout's order.
    var tasks: [String] {
        grouped(table(of: runs).columns, by: \.task).map(\.key)
    }

    /// A table of some of the runs.
    func table(of runs: [RunSummary]) -> ResultTable {
        ResultTable(
            runs,
            published: published.flatMap { try? PublishedChoice($0) },  // throws for a model only
            layout: layout
        )
    }

    /// The table of one task.
    func table(ofTask task: String) -> ResultTable {
        table(of: runs.filter { $0.plan.recipe.task == task })
    }

    /// A task's title.
    func title(_ task: String) -> String { titles[task] ?? task }

    /// The charts of a task by split, in the order of the table's columns.
    func charts(ofTask task: String) -> [(split: String, chart: ShotChart)] {
        let table = table(ofTask: task)
        return table.columns.indices.compactMap { index in
            ShotChart(index, of: table, titles: titles, published: published).map {
                (table.columns[index].split, $0)
            }
        }
    }
}
