internal import EvalCore

/// The published numbers that a benchmark's chart shows for orientation.
///
/// Unlike in tables they may differ from ours in split, metric, prompts and support set: what
/// differs is said beside the chart.
struct PublishedCurves: Sendable {
    /// A model's numbers.
    struct Curve: Sendable {
        let model: String
        let selection: String
        /// By number of shots, ascending.
        let results: [PublishedResult]
    }

    /// The models shown; the small ones of OpenFlamingo and Flamingo would crowd the chart.
    private static let models: [(name: String, family: ChartSeries.Family, isFilled: Bool)] = [
        ("IDEFICS 80B", .idefics, true), ("IDEFICS 80B Instruct", .idefics, true),
        ("IDEFICS 9B", .idefics, false), ("IDEFICS 9B Instruct", .idefics, false),
        ("Flamingo-80B", .flamingo, true), ("Flamingo-9B", .flamingo, false),
        ("OpenFlamingo-9B", .openFlamingo, false),
    ]

    /// In the order of `models`, random shots before others.
    let curves: [Curve]

    /// Chooses the numbers of a benchmark.
    /// - Parameters:
    ///   - published: all of them.
    ///   - task: the task.
    ///   - metric: our headline metric: also its variants are taken.
    init(_ published: PublishedResults, of task: String, metric: String) {
        let companions = Set(MetricCompanions.of(metric)?.metrics ?? [])
        let candidates = published.results.filter { result in
            result.task == task && result.group == nil && result.metric.hasPrefix(metric)
                && !companions.contains(result.metric)
        }
        curves = Self.models.flatMap { model in
            let own = candidates.filter { $0.model == model.name }
            let usual = Self.curve(model.name, "random", own.filter { $0.selection != "rices" })
            guard usual.map({ $0.results.count < 2 }) ?? true else {
                return [usual].compactMap(\.self)
            }
            // A single number may have a neighbour with other shots that says more than a line.
            let rices = Self.curve(model.name, "rices", own.filter { $0.selection == "rices" })
            return [usual, rices].compactMap(\.self)
        }
    }

    /// As lines of a chart.
    func series(_ display: MetricDisplay) -> [ChartSeries] {
        curves.compactMap { curve in
            guard let model = Self.models.first(where: { $0.name == curve.model }) else {
                return nil
            }
            return ChartSeries(
                name: curve.title,
                origin: .published(model.family),
                isFilled: model.isFilled,
                points: curve.results.map { result in
                    ChartSeries.Point(
                        shots: result.shots,
                        value: result.value * display.scale,
                        interval: nil,
                        text: "\(result.printed) as printed"
                    )
                }
            )
        }
    }

    /// One number for each count of shots: rather one that may stand beside runs.
    private static func curve(
        _ model: String,
        _ selection: String,
        _ results: [PublishedResult]
    ) -> Curve? {
        let usable = results.filter { $0.referenceOnly == nil }
        let chosen = (usable + results).reduce(into: [Int: PublishedResult]()) { chosen, result in
            if chosen[result.shots] == nil { chosen[result.shots] = result }
        }
        guard !chosen.isEmpty else { return nil }
        return Curve(
            model: model,
            selection: selection,
            results: chosen.values.sorted { $0.shots < $1.shots }
        )
    }
}

extension PublishedCurves.Curve {
    /// Such as `IDEFICS 9B` or `IDEFICS 9B, RICES`.
    var title: String { selection == "rices" ? model + ", RICES" : model }
}
