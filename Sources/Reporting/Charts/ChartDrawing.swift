/// The marks, texts and frames that charts are drawn with.
enum ChartDrawing {
    static let width = 860.0

    /// A picture of a height, with what stands in it.
    static func picture(
        _ chart: ShotChart,
        height: Double,
        head: [MarkupNode],
        _ content: [MarkupNode]
    ) -> MarkupNode {
        let size = "0 0 \(MarkupText.number(width)) \(MarkupText.number(height))"
        let paper: [MarkupAttribute] = [
            .style("surface"), .number("width", width), .number("height", height),
        ]
        let titles = [
            text(chart.title, x: 16, y: 26, "title"), text(chart.axis, x: 16, y: 44, "quiet"),
        ]
        return .node(
            "svg",
            [
                MarkupAttribute("xmlns", "http://www.w3.org/2000/svg"),
                MarkupAttribute("viewBox", size), .number("width", width),
                .number("height", height), MarkupAttribute("role", "img"),
                MarkupAttribute("aria-label", "\(chart.title): \(chart.axis) over shots"),
                .style("chart"),
            ],
            head + [.node("rect", paper, [])] + titles + content
        )
    }

    static func text(
        _ text: String,
        x: Double,
        y: Double,
        _ classes: StaticString
    ) -> MarkupNode {
        .node("text", [.style(classes), .number("x", x), .number("y", y)], text)
    }

    static func line(
        _ classes: StaticString,
        from: (x: Double, y: Double),
        to: (x: Double, y: Double)
    ) -> MarkupNode {
        .node(
            "line",
            [
                .style(classes), .number("x1", from.x), .number("y1", from.y),
                .number("x2", to.x), .number("y2", to.y),
            ],
            []
        )
    }

    /// A line through points; several lines where a part begins anew.
    static func path(_ classes: StaticString, _ parts: [[(x: Double, y: Double)]]) -> MarkupNode {
        let steps = parts.flatMap { part in
            part.enumerated().map { index, point in
                "\(index == 0 ? "M" : "L")\(place(point))"
            }
        }
        return .node("path", [.style(classes), MarkupAttribute("d", steps.joined())], [])
    }

    /// The mark of a value: circles for ours and IDEFICS, a triangle for Flamingo, a square for
    /// OpenFlamingo.
    static func mark(
        _ point: ChartSeries.Point,
        of series: ChartSeries,
        at center: (x: Double, y: Double)
    ) -> MarkupNode {
        let shots = point.shots == 1 ? "1 shot" : "\(point.shots) shots"
        let title = MarkupNode.node("title", [], "\(series.name), \(shots): \(point.text)")
        let look: MarkupAttribute = series.isFilled ? .style("mark") : .style("mark hollow")
        guard case .published(let family) = series.origin, let corners = corners(of: family) else {
            return .node(
                "circle",
                [
                    look, .number("cx", center.x), .number("cy", center.y),
                    .number("r", series.isOwn ? 5 : 3.5),
                ],
                [title]
            )
        }
        let outline = corners.enumerated().map { index, corner in
            "\(index == 0 ? "M" : "L")\(place((center.x + corner.x, center.y + corner.y)))"
        }
        return .node("path", [look, MarkupAttribute("d", outline.joined() + "Z")], [title])
    }

    /// The group of a line's marks and texts, which gives them their colour.
    static func group(_ series: ChartSeries, _ content: [MarkupNode]) -> MarkupNode {
        let look: MarkupAttribute =
            switch series.origin {
            case .own(0): .style("own own-0")
            case .own(1): .style("own own-1")
            case .own(2): .style("own own-2")
            case .own(3): .style("own own-3")
            case .own(4): .style("own own-4")
            case .own: .style("own own-5")
            case .published(.idefics): .style("other idefics")
            case .published(.flamingo): .style("other flamingo")
            case .published(.openFlamingo): .style("other openflamingo")
            }
        return .node("g", [look], content)
    }

    private static func place(_ point: (x: Double, y: Double)) -> String {
        "\(MarkupText.number(point.x)) \(MarkupText.number(point.y))"
    }

    private static func corners(
        of family: ChartSeries.Family
    ) -> [(x: Double, y: Double)]? {
        switch family {
        case .idefics: nil
        case .flamingo: [(0, -4.5), (4.2, 3.2), (-4.2, 3.2)]
        case .openFlamingo: [(-3.3, -3.3), (3.3, -3.3), (3.3, 3.3), (-3.3, 3.3)]
        }
    }
}
