/// Draws a benchmark's chart: text as text, no script, colours for light and dark.
struct ShotChartSVG: Sendable {
    private let chart: ShotChart

    init(_ chart: ShotChart) { self.chart = chart }

    /// A file of its own, with its style.
    var file: String {
        let style = MarkupNode.node(
            "style",
            [],
            [.literal(ChartStyle.colours), .literal(ChartStyle.shapes)]
        )
        return MarkupWriter.svg(picture([style]))
    }

    /// Part of a page that has `ChartStyle`.
    var inline: MarkupNode { picture([]) }

    /// A curve over shots or, where all values have one number of shots, a row for each.
    private func picture(_ head: [MarkupNode]) -> MarkupNode {
        chart.shots.count > 1
            ? ShotCurves(chart).picture(head) : ShotRows(chart).picture(head)
    }
}
