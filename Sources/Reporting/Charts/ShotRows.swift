/// A chart of values that all have one number of shots: a row for each model.
struct ShotRows: Sendable {
    private static let left = 250.0
    private static let right = 700.0
    private static let top = 66.0
    private static let rowHeight = 26.0
    private static let cap = 4.0

    private let chart: ShotChart
    private let scale: ChartScale

    init(_ chart: ShotChart) {
        self.chart = chart
        scale = ChartScale(of: chart.extent, first: Self.left, last: Self.right)
    }

    func picture(_ head: [MarkupNode]) -> MarkupNode {
        ChartDrawing.picture(
            chart,
            height: bottom + 52,
            head: head,
            grid + chart.series.enumerated().map { row($1, at: $0) }
        )
    }

    private var bottom: Double { Self.top + Double(chart.series.count) * Self.rowHeight }

    private var grid: [MarkupNode] {
        let lines = scale.ticks.flatMap { tick -> [MarkupNode] in
            let x = scale.place(tick)
            return [
                ChartDrawing.line("grid", from: (x, Self.top - 8), to: (x, bottom)),
                ChartDrawing.text(tick.fixed(scale.digits), x: x, y: bottom + 18, "tick middle"),
            ]
        }
        let count = chart.shots.first ?? 0
        let axis = count == 1 ? "1 shot" : "\(count) shots"
        let middle = (Self.left + Self.right) / 2
        return lines + [ChartDrawing.text(axis, x: middle, y: bottom + 38, "quiet middle")]
    }

    private func row(_ series: ChartSeries, at index: Int) -> MarkupNode {
        let point = series.points[series.points.count - 1]
        let y = Self.top + (Double(index) + 0.5) * Self.rowHeight - 4
        let name = TerminalText.shortenedInside(series.name, to: 32)
        let x = scale.place(point.value)
        let end = point.interval.map { scale.place($0.upperBound) } ?? x
        return ChartDrawing.group(
            series,
            [ChartDrawing.text(name, x: Self.left - 14, y: y + 4, "label end")]
                + errorBar(point, at: y) + [ChartDrawing.mark(point, of: series, at: (x, y))]
                + [
                    ChartDrawing.text(
                        point.value.fixed(chart.digits),
                        x: end + 10,
                        y: y + 4,
                        "label"
                    )
                ]
        )
    }

    private func errorBar(_ point: ChartSeries.Point, at y: Double) -> [MarkupNode] {
        guard let interval = point.interval else { return [] }
        let (low, high) = (scale.place(interval.lowerBound), scale.place(interval.upperBound))
        let parts: [[(x: Double, y: Double)]] = [
            [(low, y - Self.cap), (low, y + Self.cap)], [(low, y), (high, y)],
            [(high, y - Self.cap), (high, y + Self.cap)],
        ]
        return [ChartDrawing.path("bar", parts)]
    }
}
