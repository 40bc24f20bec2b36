import EvalCore
import Evaluation
import LocalEngine
import Reporting

/// A plan for people.
enum PlanText {
    static func text(_ plan: Plan) -> String {
        let parts = plan.runs.map(run) + [checkpoint(plan), machine(plan)]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: Runs

    private static func run(_ run: Plan.Run) -> String {
        let survey = run.survey
        var table = AlignedTable([("", .left), ("", .left)])
        table.add(["queries", queries(survey)])
        table.add(["prompts", prompts(survey)])
        table.add(["tokens", tokens(survey)])
        table.add(["pictures", pictures(survey)])
        table.add(["resolution", resolution(survey)])
        let shots = survey.shots == 1 ? "1 shot" : "\(survey.shots) shots"
        let title = "\(survey.task) \(survey.split), \(shots), seed \(survey.seed)"
        return TerminalText.escaped(title) + "\n" + indented(table.text)
    }

    private static func queries(_ survey: PlanSurvey) -> String {
        let support = survey.supportCount.map { ", support set of \($0)" } ?? ""
        guard survey.queryCount < survey.publishedCount else {
            return "\(survey.queryCount)\(support)"
        }
        return "\(survey.queryCount) of \(survey.publishedCount) published (subset)\(support)"
    }

    private static func prompts(_ survey: PlanSurvey) -> String {
        let addition =
            survey.candidateCount > 0
            ? "\(survey.candidateCount) candidates behind each"
            : survey.generation.map { "up to \($0.maxNewTokens) new tokens each" } ?? ""
        return "\(survey.promptCount), \(addition)"
            + (survey.choosesByPictures ? " (lengths as with random shots)" : "")
    }

    private static func tokens(_ survey: PlanSurvey) -> String {
        let lengths = survey.lengths
        guard let least = lengths.first, let most = lengths.last else { return "none" }
        func share(_ share: Double) -> Int { lengths[Int(share * Double(lengths.count - 1))] }
        let sample =
            lengths.count < survey.promptCount
            ? " (of \(lengths.count) evenly spaced prompts; --check reads all)" : ""
        return "\(least) to \(most), median \(share(0.5)), 95 % up to \(share(0.95)); "
            + "\(survey.overlongCount) over the limit\(sample)"
    }

    private static func pictures(_ survey: PlanSurvey) -> String {
        let distinct = "\(survey.pictures.count) distinct"
        return survey.missing.map { "\(distinct); \($0)" } ?? "\(distinct), none missing"
    }

    private static func resolution(_ survey: PlanSurvey) -> String {
        guard let resolution = survey.resolution else {
            return "unknown before a run: the headline is no mean of bounded scores"
        }
        let display = MetricDisplay(metric: resolution.metric)
        return "\(display.title) differences of at least \(display.text(resolution.independent)) "
            + "between separate runs, \(display.text(resolution.paired)) paired "
            + "(5 % two-sided, power 80 %, r = \(PlanResolution.correlation))"
    }

    // MARK: The command

    static func checkpoint(_ plan: Plan) -> String {
        let outline = plan.outline
        var table = AlignedTable([("", .left), ("", .left)])
        let stored = outline.storedByteCount.map { bytes in
            ", \(size(bytes)) on disk" + (outline.storedType.map { " (\($0))" } ?? "")
        }
        let missing = outline.hasWeights ? "" : "; shards are missing"
        table.add(["parameters", "\(outline.parameterCount)" + (stored ?? "") + missing])
        table.add(["memory", memory(plan.memory)])
        table.add(["limit", plan.memoryLimit.map(size) ?? "not known"])
        return TerminalText.escaped("\(outline.provenance.model), \(plan.precision.rawValue)")
            + "\n" + indented(table.text)
    }

    private static func memory(_ memory: MemoryForecast) -> String {
        let parts = [
            ("weights", memory.weights), ("converted", memory.weightSource),
            ("pictures", memory.imageStates + memory.pixels), ("text", memory.keyValues),
            ("activations", memory.activations), ("program and data", memory.harness),
        ]
        let listed = parts.filter { $0.1 > 0 }.map { "\($0.0) \(size($0.1))" }
        return "\(size(memory.peak)) at most: " + listed.joined(separator: ", ")
    }

    static func machine(_ plan: Plan) -> String {
        guard !plan.runs.isEmpty else { return "" }
        var table = AlignedTable([("", .left), ("", .left)])
        let rate = (plan.rate.productFLOPs / 1e9).fixed(0)
        let share = (MachineRate.engineShare * 100).fixed(0)
        let bandwidth = (plan.rate.bytesPerSecond / 1e9).fixed(1)
        let flops = plan.runs.reduce(0) { $0 + $1.work.pictureFLOPs + $1.work.textFLOPs }
        table.add([
            "time",
            "\(ProgressText.duration(plan.seconds)): \((flops / 1e12).fixed(1)) TFLOP at \(share) % "
                + "of \(rate) GFLOP/s and weights at \(bandwidth) GB/s, measured now",
        ])
        if plan.isChecked { table.add(["check", check(plan)]) }
        return "all runs\n" + indented(table.text)
    }

    private static func check(_ plan: Plan) -> String {
        guard let first = plan.failingPictures.first else {
            return "\(plan.pictureCount) pictures decoded, all prompts tokenised"
        }
        return "\(plan.failingPictures.count) of \(plan.pictureCount) pictures cannot be used, the "
            + "first: \(first.failure.message)"
    }

    static func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "  " + $0 + "\n" }.joined()
    }

    private static func size(_ bytes: Int) -> String {
        let gibi = Double(bytes) / Double(1 << 30)
        return gibi >= 1 ? "\(gibi.fixed(2)) GiB" : "\((gibi * 1024).fixed(0)) MiB"
    }
}
