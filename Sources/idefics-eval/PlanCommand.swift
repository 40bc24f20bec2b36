import ArgumentParser
import EvalCore
import Evaluation
import LocalEngine
import Tasks

/// `plan`: what `run` would do, without touching a weight.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what a run would ask, take and tell apart, without loading the model.",
        usage: "idefics-eval plan [<tasks> ...] [<options>]",
        discussion: """
            Takes the flags of `run`. Counts queries, prompts and pictures, measures prompts in
            tokens, looks for missing files, predicts memory and time, and states the smallest
            difference that so many samples show. Weights are not read and may be missing; without
            a task only the checkpoint is described.

            EXAMPLES
              Does it fit, and how long does it take?
                idefics-eval plan vqav2 --model idefics-9b --data datasets --shots 0,4,8
              Read every picture and tokenise every prompt beforehand:
                idefics-eval plan vqav2 --model idefics-9b --data datasets --shots 8 --check
              All runs of a matrix file, a line for each, and what they take together:
                idefics-eval plan --matrix card.yaml
              What is in a folder with nothing but configuration, tokenizer and index:
                idefics-eval plan --model idefics-80b

            EXIT STATUS
              0 nothing speaks against the run, 4 some of its samples would fail, 5 it would be
              refused: pictures are missing, or it does not fit. Missing shards are only said.
            """
    )

    @Argument(help: "Names of tasks or groups; `idefics-eval tasks list` lists them.")
    var tasks: [String] = []

    @OptionGroup var model: ModelOptions
    @OptionGroup var data: DataOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Shots per query, one or a list. (default: 0)", valueName: "n,n"),
        transform: NumberList.read
    )
    var shots = NumberList([0])

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seed of support set and shots; a list is several runs. (default: 42)",
            valueName: "n,n"
        ),
        transform: NumberList.read
    )
    var seed = NumberList([42])

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only the first so many queries, in file order.", valueName: "n")
    )
    var limit: Int?

    @OptionGroup var prompt: PromptOptions

    @Option(
        help: ArgumentHelp("YAML file of runs, as `run --matrix` takes it.", valueName: "file")
    )
    var matrix: String?

    @Flag(help: "Decode every picture and tokenise every prompt.")
    var check = false

    @OptionGroup var taskFolders: TaskOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected 1 or more") }
        let most = shots.values.max() ?? 0
        guard most <= 100_000 else { throw ValidationError("--shots \(most): at most 100000") }
    }

    func run() throws {
        if let matrix { return try plan(matrix: matrix) }
        let home = try Home.find()
        let path = try model.model ?? home.demo(home.demoModel, instead: "--model")
        let outline = try CheckpointOutline(path, options: model.engineOptions)
        let requests = try requests(home)
        if !requests.isEmpty { try Self.checkEncoder(prompt, model, home) }
        DemoNote.show(model: model.model == nil, data: data.data == nil && !requests.isEmpty)
        let session = PlanSession(outline, model: model, check: check)
        for request in requests {
            try request.checkStopTokens(outline.encoder, model: outline.provenance.model)
            try session.add(request)
        }
        let plan = try session.finish()
        try output.json
            ? PlanJSON.lines(plan).forEach(Output.line) : Output.write(PlanText.text(plan))
        try Self.judge(plan)
    }

    /// - Throws: what a run would say of its encoder.
    static func checkEncoder(_ prompt: PromptOptions, _ model: ModelOptions, _ home: Home) throws {
        try EncoderSource(
            prompt,
            model: model,
            isDemo: model.model == nil,
            home: home,
            store: StoreOptions.defaultStore
        ).check()
    }

    /// Ends with the status that the plan gives.
    /// - Throws: unless nothing speaks against the runs.
    static func judge(_ plan: Plan) throws {
        if let refusal = plan.refusal { throw refusal }
        if let missing = plan.runs.lazy.compactMap(\.survey.missing).first { throw missing }
        guard plan.failingPictures.isEmpty, plan.runs.allSatisfy({ $0.survey.overlongCount == 0 })
        else { throw ExitStatus.incomplete }
    }

    private func requests(_ home: Home) throws -> [RunRequest] {
        guard !tasks.isEmpty else { return [] }
        let catalog = try taskFolders.catalog(home)
        let root = try data.root(home)
        return try tasks.flatMap { try catalog.members($0) }.flatMap { member in
            shots.values.map { Int($0) }.filter { member.shots?.contains($0) ?? true }
                .flatMap { shots in
                    seed.values.map { seed in
                        var request = RunRequest(
                            task: member.task,
                            dataRoot: root.path,
                            shots: shots
                        )
                        request.seed = seed
                        request.limit = limit
                        request.split = prompt.split
                        request.selection = prompt.selection.request
                        request.supportSize = prompt.supportSize
                        request.promptProtocol = prompt.promptProtocol
                        request.variant = prompt.variant
                        return request
                    }
                }
        }
    }
}
