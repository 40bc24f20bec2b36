public import EvalCore

/// The finished runs of a store in the model card's layout: models × shots by benchmark.
///
/// A row's identity is everything that a column's benchmark does not fix; the settings in which
/// rows differ get a column of their own, the others are said once below the table.
public struct ResultTable: Sendable, Hashable {
    /// A benchmark: one task on one split.
    public struct Column: Sendable, Hashable {
        /// Task name.
        public var task: String
        /// Split of the queries.
        public var split: String
        /// The task's headline metric, nil where no run has one.
        public var metric: String?
    }

    /// The settings that a row's cells share.
    public struct Row: Sendable, Hashable {
        /// The checkpoint folder's name.
        public var model: String
        /// Tells checkpoints of one name apart.
        public var weightsDigest: String
        /// True if the bundled demo model or data made the numbers.
        public var isDemo: Bool
        /// Shots per query.
        public var shots: Int
        /// The settings by name, in the order of `settingNames`.
        public var settings: [String]
    }

    /// One run in its place.
    public struct Cell: Sendable, Hashable {
        /// Index into `rows`.
        public var row: Int
        /// Index into `columns`.
        public var column: Int
        /// The run shown.
        public var run: RunSummary
        /// How far an instruct run lies from its base run, in the metric's own unit; nil without
        /// one.
        public var delta: Double?
        /// The published number beside it, nil if none may stand there.
        public var published: PublishedMatch?
        /// The published numbers of its groups of samples, empty if none may stand there.
        public var publishedGroups: [PublishedGroup] = []
    }

    /// The published numbers of one metric beside a benchmark.
    public struct PublishedColumn: Sendable, Hashable {
        /// Index into `columns`.
        public var column: Int
        /// The metric that is compared.
        public var metric: String
    }

    /// Names of the settings that tell rows apart besides model and shots.
    public static let settingNames = ["selection", "seed", "protocol", "variant", "precision"]

    /// The benchmarks, in the layout's order, those that it does not list in that of their first
    /// run.
    public private(set) var columns: [Column] = []
    /// Which columns share a table, as neighbouring indices of `columns`.
    public private(set) var blocks: [Range<Int>] = []
    /// The rows: by model, base before instruct, then settings, then shots.
    public private(set) var rows: [Row] = []
    /// The cells that have a run, by row, then column.
    public private(set) var cells: [Cell] = []
    /// What of the published numbers has a place, by column; only what a cell has.
    public private(set) var publishedColumns: [PublishedColumn] = []
    /// Finished runs that are not shown because a fuller or later one has their place.
    public private(set) var displacedRuns: [RunSummary] = []
    /// Runs that are not finished and therefore not shown.
    public private(set) var unfinishedRuns: [RunSummary] = []

    /// Places runs in a table.
    ///
    /// Runs of one cell that differ in the encoder which chose their shots, or in the size of the
    /// support set, have rows of their own. Of other finished runs of one cell (another limit, other
    /// data, another file of shots) the comparable one is shown, then the one with more samples,
    /// then the later one.
    /// - Parameters:
    ///   - runs: summaries, oldest first.
    ///   - published: finds the published number beside a run; nil for none.
    ///   - layout: the order of the columns.
    public init(
        _ runs: [RunSummary],
        published: PublishedChoice? = nil,
        layout: TableLayout = TableLayout()
    ) {
        var chosen: [Place: RunSummary] = [:]
        let names = SelectionNames(runs.filter { $0.status == .done })
        for run in runs {
            guard run.status == .done else {
                unfinishedRuns.append(run)
                continue
            }
            let place = Place(run, selection: names.name(run))
            if !columns.contains(where: place.isIn) { columns.append(Column(run)) }
            guard let other = chosen[place] else {
                chosen[place] = run
                continue
            }
            let isBetter = Self.isBetter(run, than: other)
            chosen[place] = isBetter ? run : other
            displacedRuns.append(isBetter ? other : run)
        }
        columns = layout.sorted(columns)
        blocks = layout.tables(of: columns)
        rows = Set(chosen.keys.map(\.row)).sorted(by: Self.precedes)
        cells = chosen.map(cell).sorted { ($0.row, $0.column) < ($1.row, $1.column) }
        setMetrics()
        setDeltas()
        setPublished(published)
    }

    /// What is in a place of the table.
    /// - Parameters:
    ///   - row: index into `rows`.
    ///   - column: index into `columns`.
    /// - Returns: the cell, nil if there is none.
    public func cell(row: Int, column: Int) -> Cell? {
        cells.first { $0.row == row && $0.column == column }
    }

    /// The settings in which rows differ, as indices into `settingNames`.
    package var varyingSettings: [Int] {
        Self.settingNames.indices.filter { index in
            Set(rows.map { $0.settings[index] }).count > 1
        }
    }

    private func cell(_ place: Place, _ run: RunSummary) -> Cell {
        guard let row = rows.firstIndex(of: place.row),
            let column = columns.firstIndex(where: place.isIn)
        else { preconditionFailure("run \(run.run) has no place in the table") }
        return Cell(row: row, column: column, run: run)
    }

    private mutating func setMetrics() {
        for cell in cells where columns[cell.column].metric == nil {
            columns[cell.column].metric = cell.run.metrics.first?.metric
        }
    }

    private mutating func setDeltas() {
        for index in cells.indices {
            let others = cells.filter { $0.column == cells[index].column }.map(\.run)
            cells[index].delta = Self.delta(of: cells[index].run, among: others)
        }
    }

    private mutating func setPublished(_ choice: PublishedChoice?) {
        for index in cells.indices {
            cells[index].published = choice?.match(cells[index].run)
            cells[index].publishedGroups = choice?.groups(of: cells[index].run) ?? []
            guard let match = cells[index].published else { continue }
            let column = PublishedColumn(column: cells[index].column, metric: match.result.metric)
            if !publishedColumns.contains(column) { publishedColumns.append(column) }
        }
        publishedColumns.sort { ($0.column, $0.metric) < ($1.column, $1.metric) }
    }

    private static func isBetter(_ run: RunSummary, than other: RunSummary) -> Bool {
        let rank = { (run: RunSummary) in (run.isComparable ? 1 : 0, run.plan.sampleCount) }
        return rank(run) >= rank(other)  // runs come oldest first: on a tie the later one
    }

    private static func precedes(_ a: Row, _ b: Row) -> Bool {
        let (left, right) = (a.sortKey, b.sortKey)
        for (x, y) in zip(left, right) where x != y { return x < y }
        return a.shots < b.shots
    }
}

/// Where a run belongs.
private struct Place: Hashable {
    let row: ResultTable.Row
    let task: String
    let split: String

    init(_ run: RunSummary, selection: String) {
        let recipe = run.plan.recipe
        row = ResultTable.Row(
            model: recipe.engine.model,
            weightsDigest: recipe.engine.weightsDigest,
            isDemo: run.plan.isDemo,
            shots: recipe.shots,
            settings: [
                selection, String(recipe.seed), recipe.promptProtocol, recipe.variant,
                recipe.engine.precision,
            ]
        )
        task = recipe.task
        split = recipe.split
    }

    func isIn(_ column: ResultTable.Column) -> Bool {
        column.task == task && column.split == split
    }
}

extension ResultTable.Column {
    fileprivate init(_ run: RunSummary) {
        self.init(task: run.plan.recipe.task, split: run.plan.recipe.split, metric: nil)
    }
}

extension ResultTable.Row {
    /// The names and numbers by which rows are sorted before their shots.
    fileprivate var sortKey: [String] {
        [isDemo ? "1" : "0", model, variant, weightsDigest]
            + settings.map { padded($0.lowercased()) } + settings
    }

    /// `base` sorts before `instruct` as a name, too.
    private var variant: String {
        zip(ResultTable.settingNames, settings).first { $0.0 == "variant" }?.1 ?? ""
    }

    /// The text with numbers that sort as text.
    private func padded(_ text: String) -> String {
        let words = text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false)
        return words.map { word in
            let isNumber = word.allSatisfy { ("0"..."9").contains($0) }
            let zeroes = isNumber ? max(0, 20 - word.count) : 0
            return String(repeating: "0", count: zeroes) + String(word)
        }
        .joined(separator: " ")
    }
}
