import ArgumentParser
import EvalCore
import Evaluation
import Foundation
import InputFiles
import LocalEngine

/// `infer`: requests as JSON lines in, answers as JSON lines out.
struct InferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infer",
        abstract: "Continue prompts and score continuations with a checkpoint.",
        usage: "idefics-eval infer --requests <file> [<options>]",
        discussion: """
            Reads one JSON request per line and writes one JSON answer per line, in the same order.
            A request that cannot be answered gets {"id", "error": {"code", "message"}}; the others
            still run and the exit status is 4. docs/formats.md has every key.

            EXAMPLES
              A question about a picture, in questions.jsonl (one line):
                {"id": 1, "prompt": [{"markup": "<s>"}, {"image": "cat.jpg"},
                 {"markup": "Question: "}, {"text": "What is it?"}, {"markup": " Answer:"}],
                 "generate": {"max_new_tokens": 5, "stop": ["\\n"]}}
              Which answer is likelier:
                {"id": 2, "prompt": [{"text": "Is it a cat?"}], "continuations": [" yes", " no"]}
              Answers for all of them:
                idefics-eval infer --model idefics-9b --requests questions.jsonl > answers.jsonl
            """
    )

    @OptionGroup var model: ModelOptions

    @Option(
        help: ArgumentHelp("Requests, one JSON object per line, plain or gzip.", valueName: "file")
    )
    var requests: String

    @Option(
        help: ArgumentHelp(
            "The most tokens of a prompt with its new ones, in place of the checkpoint's limit.",
            valueName: "n"
        )
    )
    var maxPromptTokens: Int?

    @Option(help: ArgumentHelp("Write counters of the work to this file.", valueName: "file"))
    var stats: String?

    @OptionGroup var profiling: ProfileOption

    @Flag(help: "Taken as every command takes it: answers are JSON in any case.")
    var json = false

    func run() throws {
        let watch = SignalWatch()
        let lines = LineReader(try InputFile(requests).chunks())
        if let stats { try StatisticsFile.check(stats) }
        let (engine, options) = try openEngine()
        let session = InferSession(lines, source: requests, write: Output.line)
        watch.beginWork()
        do {
            try engine.run(
                next: session.next,
                deliver: session.deliver,
                cancellation: watch.cancellation
            )
        } catch let error as CancellationError {
            throw watch.cancellation.signal.map { ExitStatus(signal: $0) } ?? error
        }
        if let stats { try StatisticsFile.write(engine.statistics, engine.provenance, to: stats) }
        if let profile = options.profile { try ProfileText.show(profile, options) }
        if session.failureCount > 0 { throw ExitStatus.incomplete }
    }

    private func openEngine() throws -> (LocalEngine, LocalEngineOptions) {
        DemoNote.show(model: model.model == nil, data: false)
        let path = try model.model ?? Home.find().demoModel
        var options = try CheckpointOutline.options(
            path,
            model,
            maxPromptTokens: maxPromptTokens
        )
        options.profile = profiling.stages
        return (try LocalEngine(path, options: options), options)
    }
}
