import EvalCore
import Evaluation
import LocalEngine
import Reporting
import Tasks

extension PlanCommand {
    /// Plans what a matrix file states, checkpoint after checkpoint.
    func plan(matrix path: String) throws {
        let home = try Home.find()
        let runs = try MatrixRuns(
            path,
            MatrixDefaults(
                tasks: tasks,
                model: model,
                data: data,
                prompt: prompt,
                shots: shots,
                seed: seed,
                limit: limit
            ),
            arguments: CommandLine.arguments,
            catalog: try taskFolders.catalog(home),
            home: home
        )
        DemoNote.show(
            model: runs.parts.contains { $0.model.model == nil },
            data: runs.isDemoData
        )
        let plans = try runs.parts.map { try plan($0, home) }
        for (plan, part) in zip(plans, runs.parts) {
            try output.json
                ? PlanJSON.lines(plan).forEach(Output.line)
                : Output.write(MatrixPlanText.text(plan, part.requests) + "\n")
        }
        if !output.json { try Output.write(MatrixPlanText.total(plans)) }
        for plan in plans { try Self.judge(plan) }
    }

    private func plan(_ part: MatrixRuns.Part, _ home: Home) throws -> Plan {
        let path = try part.model.model ?? home.demo(home.demoModel, instead: "--model")
        let outline = try CheckpointOutline(path, options: part.model.engineOptions)
        try Self.checkEncoder(part.prompt, part.model, home)
        let session = PlanSession(outline, model: part.model, check: check)
        for request in part.requests {
            try request.checkStopTokens(outline.encoder, model: outline.provenance.model)
            try session.add(request)
        }
        return try session.finish()
    }
}

/// The plan of a matrix for people: a line per run.
enum MatrixPlanText {
    /// The runs of one checkpoint in one precision.
    static func text(_ plan: Plan, _ requests: [RunRequest]) -> String {
        var table = AlignedTable([
            ("run", .left), ("shots", .right), ("settings", .left), ("seed", .right),
            ("queries", .right), ("prompts", .right), ("tokens", .right), ("over limit", .right),
            ("pictures", .right), ("missing", .left), ("time", .right),
        ])
        for (run, request) in zip(plan.runs, requests) {
            let survey = run.survey
            let median =
                survey.lengths.isEmpty ? "–" : String(survey.lengths[survey.lengths.count / 2])
            table.add([
                "\(survey.task) \(survey.split)", String(survey.shots), settings(request),
                String(survey.seed),
                String(survey.queryCount), String(survey.promptCount), median,
                String(survey.overlongCount), String(survey.pictures.count),
                survey.missing == nil ? "none" : "some",
                ProgressText.duration(run.work.seconds(at: plan.rate)),
            ])
        }
        return PlanText.checkpoint(plan) + PlanText.indented(table.text) + PlanText.machine(plan)
    }

    private static func settings(_ request: RunRequest) -> String {
        let selection =
            switch request.selection {
            case .none: "none"
            case .random: "random"
            case .rices: "RICES"
            case .fixed: "fixed"
            }
        return "\(selection) \(request.promptProtocol) \(request.variant)"
    }

    /// What all checkpoints take together.
    static func total(_ plans: [Plan]) -> String {
        let runs = plans.reduce(0) { $0 + $1.runs.count }
        let seconds = plans.reduce(0) { $0 + $1.seconds }
        let loads = plans.count == 1 ? "1 checkpoint" : "\(plans.count) checkpoints"
        return "\(runs == 1 ? "1 run" : "\(runs) runs") of \(loads), each loaded once: "
            + "\(ProgressText.duration(seconds))\n"
    }
}
