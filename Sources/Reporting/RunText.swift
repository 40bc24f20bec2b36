public import EvalCore

/// What people read about one run.
public enum RunText {
    /// One line that says what a run is: task, split, shots, settings, model.
    /// - Parameter plan: the run's plan.
    /// - Returns: such as `vqav2 val2014, 8 shots (random), m4 base, bf16, seed 42, checkpoint`.
    public static func title(_ plan: RunPlan) -> String {
        let recipe = plan.recipe
        let shots = recipe.shots == 1 ? "1 shot" : "\(recipe.shots) shots"
        let model = recipe.engine.model + (plan.isDemo ? " (demo)" : "")
        let selection =
            recipe.selectionTitle + (recipe.selectionEncoder.map { " by \($0)" } ?? "")
        return TerminalText.escaped(
            "\(recipe.task) \(recipe.split), \(shots) (\(selection)), "
                + "\(recipe.promptProtocol) \(recipe.variant), \(recipe.engine.precision), "
                + "seed \(recipe.seed), \(model)"
        )
    }

    /// The shots of a sample, the one next to the query last.
    /// - Parameter record: the sample.
    /// - Returns: such as `12 (0.871), 7 (0.903)`, without numbers where nothing was compared.
    public static func shots(of record: SampleRecord) -> String {
        let display = MetricDisplay(metric: "similarity")
        let similarities = record.similarities.map { $0.map { " (\(display.text($0)))" } } ?? []
        let shots = record.shotIDs.enumerated().map { index, id in
            id + (similarities.indices.contains(index) ? similarities[index] : "")
        }
        return shots.joined(separator: ", ") + (record.shotsAreTextOnly ? " (as text only)" : "")
    }

    /// How much of the published split a run evaluates.
    /// - Parameter plan: the run's plan.
    /// - Returns: such as `160 of 214354 published samples (subset)`.
    public static func extent(_ plan: RunPlan) -> String {
        guard let published = plan.publishedCount, plan.isSubset else {
            return "\(plan.sampleCount) samples"
        }
        return "\(plan.sampleCount) of \(published) published samples (subset)"
    }

    /// The result of a run: metrics with intervals, and what must be said beside them.
    /// - Parameter run: the run.
    /// - Returns: lines, each ending in a line feed.
    public static func result(_ run: RunSummary) -> String {
        let lines = [title(run.plan)] + notes(run).map { "  " + TerminalText.escaped($0) }
        return lines[0] + "\n" + table(run.metrics) + lines.dropFirst().map { $0 + "\n" }.joined()
    }

    /// Metrics with their intervals as an aligned table.
    /// - Parameter metrics: the aggregates, headline first.
    /// - Returns: lines, each ending in a line feed; nothing without metrics.
    public static func table(_ metrics: [MetricValue]) -> String {
        guard !metrics.isEmpty else { return "" }
        var table = AlignedTable([
            ("", .left), ("metric", .left), ("value", .right), ("95 %", .right), ("n", .right),
            ("method", .left),
        ])
        for metric in metrics {
            let display = MetricDisplay(metric: metric.metric)
            let interval = metric.value.flatMap { value in
                metric.interval.map { display.text($0, around: value) }
            }
            table.add([
                "", metric.metric, metric.value.map(display.text) ?? "n/a", interval ?? "n/a",
                String(metric.count), metric.intervalMethod ?? "",
            ])
        }
        return table.text
    }

    /// The headline over the samples of each category value, as an aligned table.
    /// - Parameter metric: the headline.
    /// - Returns: lines, each ending in a line feed; nothing without a breakdown.
    public static func breakdown(_ metric: MetricValue) -> String {
        guard !metric.breakdown.isEmpty else { return "" }
        let display = MetricDisplay(metric: metric.metric)
        var table = AlignedTable([
            ("", .left), ("category", .left), ("", .left), (metric.metric, .right), ("n", .right),
        ])
        for (category, values) in metric.breakdown.sorted(by: { $0.key < $1.key }) {
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                table.add(["", category, name, display.text(value.value), String(value.count)])
            }
        }
        return table.text
    }

    private static func notes(_ run: RunSummary) -> [String] {
        var notes = run.metrics.first?.reason.map { [$0] } ?? []
        notes += run.plan.notComparableReasons.map { "† not comparable: \($0)" }
        if run.status != .done {
            notes.append("\(run.status.rawValue): \(run.finishedCount)/\(run.plan.sampleCount)")
        }
        if run.errorCount > 0 {
            notes.append(
                "† \(run.errorCount) of \(run.plan.sampleCount) samples failed and are left out"
            )
        }
        if run.plan.isDemo { notes.append("demo: says nothing about a real checkpoint") }
        if let path = run.submissionPath { notes.append("submission file: \(path)") }
        return notes
    }
}

extension RunText {
    /// Runs as an aligned table, oldest first.
    /// - Parameter runs: summaries.
    /// - Returns: lines, each ending in a line feed.
    public static func list(_ runs: [RunSummary]) -> String {
        var table = AlignedTable([
            ("run", .left), ("task", .left), ("split", .left), ("shots", .right), ("model", .left),
            ("settings", .left), ("status", .left), ("done", .right), ("err", .right),
            ("headline", .right), ("label", .left),
        ])
        for run in runs {
            let recipe = run.plan.recipe
            table.add([
                run.run, recipe.task, recipe.split, String(recipe.shots),
                recipe.engine.model + (run.plan.isDemo ? " (demo)" : ""),
                "\(recipe.selectionTitle) \(recipe.promptProtocol) \(recipe.variant) "
                    + "\(recipe.engine.precision) s\(recipe.seed)",
                run.status.rawValue, "\(run.finishedCount)/\(run.plan.sampleCount)",
                String(run.errorCount), headline(run), run.plan.label ?? "",
            ])
        }
        return table.text
    }

    /// What a run's numbers depend on, as an aligned table.
    /// - Parameter run: the run.
    /// - Returns: lines, each ending in a line feed.
    public static func provenance(_ run: RunSummary) -> String {
        let recipe = run.plan.recipe
        var table = AlignedTable([("", .left), ("", .left), ("", .left)])
        let rows: [(String, String?)] = [
            ("run", run.run), ("label", run.plan.label),
            ("weights", recipe.engine.weightsDigest),
            ("tokenizer", recipe.engine.tokenizerDigest),
            ("processor", recipe.engine.processorDigest),
            ("kernels", recipe.engine.kernelSet),
            ("task", "version \(recipe.taskVersion), \(recipe.taskDigest)"),
            ("data", recipe.dataDigest),
            ("encoder", recipe.selectionEncoder.map { "\($0), \(recipe.selectionDigest ?? "")" }),
            ("support", recipe.supportDigest),
            ("support size", run.plan.supportCount.map { "\($0) of \(recipe.supportSize)" }),
            ("limit", recipe.limit.map(String.init)), ("overlong", recipe.overlong),
            ("truncated images", recipe.truncatedImages), ("end of chunk", recipe.endOfChunk),
            (
                "computed",
                "\(run.generatedCount) samples in "
                    + (run.attemptCount == 1 ? "1 attempt" : "\(run.attemptCount) attempts")
            ),
        ]
        for case (let name, let value?) in rows { table.add(["", name, value]) }
        return table.text
    }

    private static func headline(_ run: RunSummary) -> String {
        guard let metric = run.metrics.first, let value = metric.value else { return "–" }
        return MetricDisplay(metric: metric.metric).text(value) + (run.isComparable ? "" : " †")
    }
}
