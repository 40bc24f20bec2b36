import ArgumentParser
import EvalCore
import Evaluation
import Foundation
import LocalEngine
import Reporting
import RunStore
import Tasks

/// `run`: evaluates tasks and stores the runs.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Evaluate a checkpoint on tasks; resumes where it was stopped.",
        usage: "idefics-eval run [<tasks> ...] [<options>]",
        discussion: """
            Every sample is stored as it is finished. The same command again goes on where it was,
            or answers from the store if nothing is left to do.

            EXAMPLES
              The demo checkpoint on the demo data:
                idefics-eval run vqav2 --shots 8
              A checkpoint of your own, three numbers of shots, one load of the model:
                idefics-eval run vqav2 --model idefics-9b --data datasets --shots 0,4,8
              The model card, every task with the numbers of shots that it is reported with:
                idefics-eval run card --shots 0,4,8
              The first 500 questions, results for a program:
                idefics-eval run vqav2 --shots 4 --limit 500 --json
              Three draws of support set and shots:
                idefics-eval run vqav2 --shots 8 --seed 1,2,3
              Shots whose pictures look most like the query's, compared by CLIP:
                idefics-eval run imagenet --shots 16 --selection rices \\
                  --encoder clip-vit-base-patch32 --model idefics-9b --data datasets
              An instruct model, long prompts cut by whole shots:
                idefics-eval run vqav2 --model idefics-9b-instruct --variant instruct \\
                  --shots 32 --overlong drop-shots
              Several models, tasks, shots and seeds that a file states; `plan` takes it, too:
                idefics-eval run --matrix card.yaml
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

    @Flag(help: "Refuse to evaluate fewer queries than the published split has.")
    var fullSplit = false

    @OptionGroup var prompt: PromptOptions

    @Option(help: ArgumentHelp("What to do when a sample fails.", valueName: "policy"))
    var onError: ErrorPolicy = .continue

    @Option(help: ArgumentHelp("What to do with a prompt over the limit.", valueName: "policy"))
    var overlong: OverlongPolicy = .error

    @OptionGroup var taskFolders: TaskOptions

    @Option(
        help: ArgumentHelp(
            "YAML file of models, tasks, shots and seeds; every combination is a run.",
            valueName: "file"
        )
    )
    var matrix: String?

    @Option(help: ArgumentHelp("A note that is stored with the run.", valueName: "text"))
    var label: String?

    @Option(help: ArgumentHelp("Write counters of the work to this file.", valueName: "file"))
    var stats: String?

    @OptionGroup var profiling: ProfileOption
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        if tasks.isEmpty, matrix == nil {
            throw ValidationError("Missing expected argument '<tasks> ...'")
        }
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected 1 or more") }
        let most = shots.values.max() ?? 0
        guard most <= 100_000 else { throw ValidationError("--shots \(most): at most 100000") }
    }

    func run() throws {
        if let matrix { return try work(matrix: matrix) }
        let watch = SignalWatch()
        let home = try Home.find()
        let catalog = try taskFolders.catalog(home)
        let members = try tasks.flatMap { try catalog.members($0) }
        guard Set(members.map(\.task.name)).count == members.count else {
            let names = members.map(\.task.name).joined(separator: " ")
            throw CommandError.usage("a task is named twice: \(names)")
        }
        let root = try data.root(home)
        let engine = try EngineSource(model, home: home, profile: profiling.stages)
        DemoNote.show(model: engine.isDemo, data: root.isDemo)
        let requests = members.flatMap { member in
            shots.values.map { Int($0) }
                .filter { member.shots?.contains($0) ?? true }
                .flatMap { shots in
                    seed.values.map { seed in
                        var request = RunRequest(
                            task: member.task,
                            dataRoot: root.path,
                            shots: shots
                        )
                        request.seed = seed
                        request.isDemo = root.isDemo || engine.isDemo
                        fill(&request)
                        return request
                    }
                }
        }
        for request in requests {
            try request.checkStopTokens(engine.encoder, model: engine.provenance.model)
        }
        if let stats { try StatisticsFile.check(stats) }
        let encoder = EncoderSource(
            prompt,
            model: model,
            isDemo: engine.isDemo,
            home: home,
            store: store.store
        )
        let session = try RunSession(
            engine,
            encoder,
            watch: watch,
            store: store.store,
            attempt: Host.attempt(threads: engine.threads, home: home),
            wantsJSON: output.json
        )
        try session.work(requests, statistics: stats)
    }

    private func fill(_ request: inout RunRequest) {
        request.split = prompt.split
        request.limit = limit
        request.requiresFullSplit = fullSplit
        request.selection = prompt.selection.request
        request.supportSize = prompt.supportSize
        request.promptProtocol = prompt.promptProtocol
        request.variant = prompt.variant
        request.overlong = overlong
        request.truncatedImages = model.truncatedImages
        request.onError = onError
        request.label = label
    }
}

/// Says that the bundled demo is used, in one line.
enum DemoNote {
    static func show(model: Bool, data: Bool) {
        let what: String
        switch (model, data) {
        case (true, true): what = "demo checkpoint and demo data (--model and --data name yours)"
        case (true, false): what = "demo checkpoint (--model names yours)"
        case (false, true): what = "demo data (--data names yours)"
        case (false, false): return
        }
        Output.note("using the bundled \(what)")
    }

    static func show(encoder: Bool) {
        guard encoder else { return }
        Output.note("using the bundled demo encoder (--model names yours)")
    }
}
