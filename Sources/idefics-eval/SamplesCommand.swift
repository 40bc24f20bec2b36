import ArgumentParser
import EvalCore
import Evaluation
import Reporting
import RunStore
import StrictJSON

/// `samples`: what a run kept of its samples.
struct SamplesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "samples",
        abstract: "List the samples of a run, or show one with prompt, shots, output and score.",
        usage: "idefics-eval samples <run> [<sample>] [<options>]",
        discussion: """
            EXAMPLES
              The samples of the latest run:
                idefics-eval samples latest
              Those that failed:
                idefics-eval samples latest --failed
              One of them with its prompt, which is made again from the data root:
                idefics-eval samples latest 262148000 --data datasets
              For a program, one JSON object per line:
                idefics-eval samples latest --json
            """
    )

    @Argument(
        help: ArgumentHelp("A run's id, the beginning of one, or `latest`.", valueName: "run")
    )
    var name: String

    @Argument(help: "A sample's id: show this one with its prompt.")
    var sample: String?

    @Flag(help: "Only samples that failed.")
    var failed = false

    @Option(help: ArgumentHelp("At most so many samples.", valueName: "n"))
    var limit: Int?

    @OptionGroup var data: DataOptions
    @OptionGroup var taskFolders: TaskOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected 1 or more") }
    }

    func run() throws {
        let reader = try RunStoreReader(path: store.store)
        let summary = try RunReference.summary(of: name, reader)
        if let sample {
            try show(sample, of: summary, reader)
        } else if output.json {
            try eachSample(of: summary, reader) {
                try Output.line(JSONValue.object(RunJSON.sample($0)).text())
            }
        } else {
            try list(summary, reader)
        }
    }

    private func eachSample(
        of run: RunSummary,
        _ reader: RunStoreReader,
        _ body: (SampleRecord) throws -> Void
    ) throws {
        struct Enough: Error {}
        var count = 0
        do {
            try reader.eachSample(of: run.run) { record in
                if failed, record.failure == nil { return }
                if count == limit { throw Enough() }
                count += 1
                try body(record)
            }
        } catch is Enough {}
    }

    private func list(_ run: RunSummary, _ reader: RunStoreReader) throws {
        try Output.line(RunText.title(run.plan))
        // Rows are written as they come: a run may have hundreds of thousands.
        let headline = run.metrics.first?.metric
        try Output.line(SampleText.head(headline))
        try eachSample(of: run, reader) { try Output.line(SampleText.line($0, headline)) }
    }

    private func show(_ id: String, of run: RunSummary, _ reader: RunStoreReader) throws {
        guard let record = try reader.sample(id, of: run.run) else {
            throw CommandError.usage(
                "run \(run.run) has no sample \"\(id)\"; `idefics-eval samples \(run.run)` lists them"
            )
        }
        let prompt = try SamplePrompt.make(record, of: run, data: data, tasks: taskFolders)
        guard output.json else { return try Output.write(SampleText.whole(record, prompt)) }
        var object = RunJSON.sample(record)
        if case .made(let query, _) = prompt {
            object["segments"] = RunJSON.segments(query.prompt.segments)
            object["text"] = .string(query.prompt.text)
        }
        try Output.line(JSONValue.object(object).text())
    }
}
