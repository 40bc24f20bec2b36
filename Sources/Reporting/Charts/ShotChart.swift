internal import EvalCore

/// What a benchmark's chart shows: values over numbers of shots, ours beside published ones.
struct ShotChart: Sendable, Hashable {
    /// The benchmark's title.
    var title: String
    /// What the values are, such as `VQA acc. (%)`.
    var axis: String
    /// Digits of values.
    var digits: Int
    /// Ours first; never empty.
    var series: [ChartSeries]
    /// Rows of the table that are left out because more lines cannot be told apart.
    var omittedRows: Int

    /// More of ours than this are left out.
    static let maximumOwn = 6

    /// The numbers of shots, ascending.
    var shots: [Int] { Set(series.flatMap(\.points).map(\.shots)).sorted() }

    /// The ends of everything that is drawn, as shown.
    var extent: [Double] {
        series.flatMap(\.points).flatMap { point in
            [point.value] + (point.interval.map { [$0.lowerBound, $0.upperBound] } ?? [])
        }
    }

    /// The chart of a benchmark; nil if no run has a value.
    /// - Parameters:
    ///   - column: index of the benchmark in the table's columns.
    ///   - table: the table.
    ///   - titles: task name → title.
    ///   - published: the published numbers; nil for none.
    init?(
        _ column: Int,
        of table: ResultTable,
        titles: [String: String],
        published: PublishedResults?
    ) {
        let benchmark = table.columns[column]
        guard let metric = benchmark.metric else { return nil }
        let names = TableNames(table, titles: titles)
        let display = MetricDisplay(metric: metric)
        let own = Self.own(column, of: table, names: names, display)
        guard !own.isEmpty else { return nil }
        title = "\(titles[benchmark.task] ?? benchmark.task) \(benchmark.split)"
        axis = display.scale == 100 ? "\(display.title) × 100" : display.title
        digits = display.digits
        omittedRows = max(0, own.count - Self.maximumOwn)
        let others = published.map { PublishedCurves($0, of: benchmark.task, metric: metric) }
        series = own.prefix(Self.maximumOwn) + (others?.series(display) ?? [])
    }

    private static func own(
        _ column: Int,
        of table: ResultTable,
        names: TableNames,
        _ display: MetricDisplay
    ) -> [ChartSeries] {
        let cells = table.cells.filter { $0.column == column }
        let selection = ResultTable.settingNames.firstIndex(of: "selection")
        let rows = grouped(cells) { cell -> ResultTable.Row in
            var row = table.rows[cell.row]
            row.shots = 0
            guard let selection, row.settings[selection] == "none" else { return row }
            // No shots are the beginning of the line of random ones.
            var random = row
            random.settings[selection] = "random"
            return cells.contains { table.rows[$0.row].isOfLine(random) } ? random : row
        }
        let isOneModel = Set(rows.map { names.plainModel($0.key) }).count == 1
        let lines = rows.map { row, cells in
            (
                name: names.plainRow(row, isOneModel: isOneModel),
                points: points(cells, table, display)
            )
        }
        .filter { !$0.points.isEmpty }
        return lines.enumerated().map { index, line in
            ChartSeries(
                name: line.name,
                origin: .own(index % maximumOwn),
                isFilled: true,
                points: line.points
            )
        }
    }

    private static func points(
        _ cells: [ResultTable.Cell],
        _ table: ResultTable,
        _ display: MetricDisplay
    ) -> [ChartSeries.Point] {
        let points = cells.compactMap { cell -> ChartSeries.Point? in
            guard let metric = cell.run.metrics.first, let value = metric.value else { return nil }
            let interval = metric.interval.map { display.text($0, around: value) }
            let text = [display.text(value), interval].compactMap(\.self).joined(separator: " ")
            return ChartSeries.Point(
                shots: table.rows[cell.row].shots,
                value: value * display.scale,
                interval: metric.interval.map {
                    $0.lowerBound * display.scale...$0.upperBound * display.scale
                },
                text: text + ", n \(metric.count)"
            )
        }
        return points.sorted { $0.shots < $1.shots }
    }
}

extension ResultTable.Row {
    /// Whether the row differs from a line's in its number of shots alone.
    fileprivate func isOfLine(_ line: ResultTable.Row) -> Bool {
        var row = self
        row.shots = line.shots
        return row == line
    }
}
