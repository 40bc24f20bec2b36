public import EvalCore

extension RunText {
    /// One line for one of several runs of a command.
    /// - Parameters:
    ///   - run: the run, finished or not.
    ///   - seconds: how long this process worked on it; nil if the store had the answer.
    ///   - position: which run of how many it is, both from 1; nil says nothing.
    ///   - showsSeed: true if the seed tells the command's runs apart.
    ///   - settings: what else tells them apart, such as `openflamingo`.
    /// - Returns: such as `[3/51] hatefulmemes test_seen, 4 shots: ROC AUC 48.2 ± 9.0, 160 samples,
    ///   12.3 s`, without a line feed; a selection other than random stands behind the shots.
    public static func line(
        _ run: RunSummary,
        seconds: Double?,
        position: (number: Int, total: Int)? = nil,
        showsSeed: Bool = false,
        settings: [String] = []
    ) -> String {
        let recipe = run.plan.recipe
        let place = position.map { "[\($0.number)/\($0.total)] " } ?? ""
        let count = recipe.shots == 1 ? "1 shot" : "\(recipe.shots) shots"
        let isUsual = ["random", "none"].contains(recipe.selection)
        let shots = isUsual ? count : "\(count) (\(recipe.selectionTitle))"
        let seed = showsSeed ? ", seed \(recipe.seed)" : ""
        let others = settings.map { ", \($0)" }.joined()
        let time = seconds.map(workTime) ?? "from the store"
        let parts = outcome(run) + [samples(run)] + failures(run) + [time]
        return TerminalText.escaped(
            "\(place)\(recipe.task) \(recipe.split), \(shots)\(others)\(seed): "
                + parts.joined(separator: ", ")
        )
    }

    /// The headline, or why there is none.
    private static func outcome(_ run: RunSummary) -> [String] {
        guard run.status == .done else { return [run.status.rawValue] }
        if let path = run.submissionPath { return ["not scored, submission file \(path)"] }
        guard let metric = run.metrics.first else { return [] }
        let display = MetricDisplay(metric: metric.metric)
        guard let value = metric.value else {
            return ["\(display.title) n/a (\(metric.reason ?? "no reason recorded"))"]
        }
        let interval = metric.interval.map { display.text($0, around: value) }
        let mark = run.isComparable ? nil : "†"
        let parts = [
            display.title, display.text(value), interval, MetricCompanions.text(of: run.metrics),
            mark,
        ]
        return [parts.compactMap(\.self).joined(separator: " ")]
    }

    private static func samples(_ run: RunSummary) -> String {
        let total = run.plan.sampleCount
        let done = run.status == .done ? "" : "\(run.finishedCount) of "
        return "\(done)\(total) \(total == 1 ? "sample" : "samples")"
    }

    private static func failures(_ run: RunSummary) -> [String] {
        run.errorCount > 0 ? ["\(run.errorCount) failed"] : []
    }

    /// Tenths below a minute, where they matter.
    private static func workTime(_ seconds: Double) -> String {
        seconds < 59.95 ? seconds.fixed(1) + " s" : ProgressText.duration(seconds)
    }
}
