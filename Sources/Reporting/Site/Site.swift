public import EvalCore

/// The static pages of a report: runs, samples, comparisons.
public struct Site: Sendable {
    /// What the site holds of the runs' samples.
    public struct Extent: Sendable, Hashable {
        /// Samples per run at most.
        public var samplesPerRun: Int
        /// Thumbnails.
        public var pictureCount: Int
        /// Their bytes together.
        public var pictureBytes: Int
        /// Pictures that are left out because the site would become too large.
        public var omittedPictures: Int

        /// Creates an extent.
        public init(samplesPerRun: Int, pictureCount: Int, pictureBytes: Int, omittedPictures: Int)
        {
            self.samplesPerRun = samplesPerRun
            self.pictureCount = pictureCount
            self.pictureBytes = pictureBytes
            self.omittedPictures = omittedPictures
        }
    }

    let source: ReportSource
    let showsTimes: Bool
    /// The runs that have pages, by benchmark in the table's order, then by row.
    public let runs: [RunSummary]

    /// Prepares a site.
    /// - Parameters:
    ///   - source: what it is made from.
    ///   - showsTimes: false leaves out when, how long and where runs were made, so that the same
    ///     results give the same bytes.
    public init(_ source: ReportSource, showsTimes: Bool = true) {
        self.source = source
        self.showsTimes = showsTimes
        let table = source.table(of: source.runs.filter { $0.status == .done })
        let shown = table.columns.indices.flatMap { column in
            table.cells.filter { $0.column == column }.map(\.run)
        }
        runs = shown + table.displacedRuns
    }

    /// The page that lists all runs.
    /// - Parameters:
    ///   - extent: what the site holds.
    ///   - comparisons: the pairs that have a page.
    /// - Returns: `site/index.html`.
    public func index(_ extent: Extent, comparisons: [ComparedPair] = []) -> ReportFile {
        RunListPage(site: self, extent: extent, comparisons: comparisons).page.file
    }

    /// The page of a run.
    /// - Parameters:
    ///   - run: the run.
    ///   - attempts: the processes that worked on it, oldest first.
    ///   - comparisons: the pairs that have a page.
    /// - Returns: its file.
    public func page(
        of run: RunSummary,
        attempts: [RunAttempt],
        comparisons: [ComparedPair] = []
    ) -> ReportFile {
        RunPage(site: self, run: run, attempts: attempts, comparisons: comparisons).page.file
    }

    /// The pages of a run's samples.
    /// - Parameters:
    ///   - run: the run.
    ///   - samples: those shown, in query order.
    ///   - choice: which ones these are, in a sentence.
    /// - Returns: at least one file.
    public func samplePages(
        of run: RunSummary,
        _ samples: [SampleView],
        choice: String
    ) -> [ReportFile] {
        SamplePages(site: self, run: run, samples: samples, choice: choice).pages.map(\.file)
    }

    /// The page of two runs.
    /// - Parameter view: what it shows.
    /// - Returns: its file.
    public func page(of view: ComparisonView) -> ReportFile {
        ComparisonPage(site: self, view: view).page.file
    }

    static func path(of run: RunSummary) -> String {
        "runs/\(PageName.file(run.run)).html"
    }

    static func samplesPath(of run: RunSummary, page: Int = 1) -> String {
        "runs/\(PageName.file(run.run))-samples\(page > 1 ? "-\(page)" : "").html"
    }

    /// A run's name in lists: such as `8 shots, RICES, instruct`.
    func name(_ run: RunSummary) -> String {
        let recipe = run.plan.recipe
        let shots = recipe.shots == 1 ? "1 shot" : "\(recipe.shots) shots"
        return "\(source.title(recipe.task)) \(recipe.split), \(shots)"
    }

    /// What else a run's recipe says that people tell runs apart by.
    func settings(_ run: RunSummary) -> String {
        let recipe = run.plan.recipe
        let model = recipe.engine.model + (run.plan.isDemo ? " (demo)" : "")
        return "\(model), \(Self.rules(run))"
    }

    /// How a run was made, besides its model and number of shots.
    static func rules(_ run: RunSummary) -> String {
        let recipe = run.plan.recipe
        let rules: [String?] = [
            recipe.selectionTitle, recipe.promptProtocol, recipe.variant,
            recipe.engine.precision, "seed \(recipe.seed)",
            recipe.limit.map { "the first \($0)" },
        ]
        return rules.compactMap(\.self).joined(separator: ", ")
    }

    /// The headline with its interval, such as `70.7 ± 6.3`.
    static func headline(_ run: RunSummary) -> (value: String, interval: String) {
        guard let metric = run.metrics.first else { return ("–", "") }
        guard let value = metric.value else { return ("n/a", "") }
        let display = MetricDisplay(metric: metric.metric)
        return (display.text(value), metric.interval.map { display.text($0, around: value) } ?? "")
    }
}
