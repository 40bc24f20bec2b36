/// A chart of values over numbers of shots.
struct ShotCurves: Sendable {
    private static let labelWidth = 304.0
    private static let left = 56.0
    private static let top = 64.0
    private static let plotHeight = 320.0
    private static let labelDistance = 16.0
    /// Pixels between the marks of ours at one number of shots.
    private static let shift = 7.0
    private static let cap = 4.0

    private let chart: ShotChart
    private let scale: ChartScale
    private let shots: [Int]

    init(_ chart: ShotChart) {
        self.chart = chart
        shots = chart.shots
        scale = ChartScale(
            of: chart.extent,
            first: Self.top + Self.plotHeight,
            last: Self.top
        )
    }

    func picture(_ head: [MarkupNode]) -> MarkupNode {
        ChartDrawing.picture(
            chart,
            height: Self.top + Self.plotHeight + 56,
            head: head,
            grid + axis + chart.series.reversed().map(curve) + labels
        )
    }

    private var right: Double { ChartDrawing.width - Self.labelWidth }

    private var grid: [MarkupNode] {
        scale.ticks.flatMap { tick -> [MarkupNode] in
            let y = scale.place(tick)
            return [
                ChartDrawing.line("grid", from: (Self.left, y), to: (right - 8, y)),
                ChartDrawing.text(
                    tick.fixed(scale.digits),
                    x: Self.left - 8,
                    y: y + 4,
                    "tick end"
                ),
            ]
        }
    }

    private var axis: [MarkupNode] {
        let y = Self.top + Self.plotHeight + 20
        let ticks = shots.map { ChartDrawing.text(String($0), x: x($0), y: y, "tick middle") }
        let middle = (Self.left + right) / 2
        return ticks + [ChartDrawing.text("shots", x: middle, y: y + 20, "quiet middle")]
    }

    /// Numbers of shots stand at equal distances, since each usually doubles the one before.
    private func x(_ count: Int) -> Double {
        let inset = 28.0
        let (first, last) = (Self.left + inset, right - 8 - inset)
        let index = Double(shots.firstIndex(of: count) ?? 0)
        return first + index / Double(max(1, shots.count - 1)) * (last - first)
    }

    private func place(_ point: ChartSeries.Point, of series: ChartSeries) -> (x: Double, y: Double)
    {
        (x(point.shots) + shift(series), scale.place(point.value))
    }

    /// Ours stand a little apart so that their intervals can be told from each other.
    private func shift(_ series: ChartSeries) -> Double {
        guard case .own(let index) = series.origin else { return 0 }
        let count = chart.series.count { $0.isOwn }
        return (Double(index) - Double(count - 1) / 2) * Self.shift
    }

    private func curve(_ series: ChartSeries) -> MarkupNode {
        let places = series.points.map { place($0, of: series) }
        let line = places.count > 1 ? [ChartDrawing.path("curve", [places])] : []
        let marks = zip(series.points, places).flatMap { point, place in
            errorBar(point, at: place.x) + [ChartDrawing.mark(point, of: series, at: place)]
        }
        return ChartDrawing.group(series, line + marks)
    }

    private func errorBar(_ point: ChartSeries.Point, at x: Double) -> [MarkupNode] {
        guard let interval = point.interval else { return [] }
        let (low, high) = (scale.place(interval.lowerBound), scale.place(interval.upperBound))
        let parts: [[(x: Double, y: Double)]] = [
            [(x - Self.cap, low), (x + Self.cap, low)], [(x, low), (x, high)],
            [(x - Self.cap, high), (x + Self.cap, high)],
        ]
        return [ChartDrawing.path("bar", parts)]
    }

    /// Each line's last value and name beside its last point.
    private var labels: [MarkupNode] {
        let ends = chart.series.map { place($0.points[$0.points.count - 1], of: $0) }
        let places = LabelSpread.places(
            ends.map(\.y),
            distance: Self.labelDistance,
            in: Self.top...(Self.top + Self.plotHeight)
        )
        return zip(chart.series, zip(ends, places)).map { series, place in
            let (end, y) = place
            let leader = ChartDrawing.line("leader", from: (end.x + 8, end.y), to: (right + 2, y))
            let value = series.points[series.points.count - 1].value.fixed(chart.digits)
            let name = TerminalText.shortenedInside(series.name, to: 36)
            let label = ChartDrawing.text("\(value)  \(name)", x: right + 8, y: y + 4, "label")
            return ChartDrawing.group(series, [leader, label])
        }
    }
}
