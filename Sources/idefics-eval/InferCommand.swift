import ArgumentParser
import EvalCore
import Foundation
import InputFiles
import LocalEngine

/// `infer`: requests as JSON lines in, answers as JSON lines out.
struct InferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infer",
        abstract: "Continue prompts and score continuations with a checkpoint.",
        discussion: """
            Reads one JSON request per line and writes one JSON answer per line, in the same order.
            A request that cannot be answered gets {"id", "error": {"code", "message"}}; the others
            still run and the exit status is 4.

            EXAMPLES
              Answer a question about a picture:
                {"id": 1, "prompt": [{"markup": "<s>"}, {"image": "cat.jpg"},
                 {"markup": "Question: "}, {"text": "What is it?"}, {"markup": " Answer:"}],
                 "generate": {"max_new_tokens": 5, "stop": ["\\n"]}}
              Compare two answers:
                {"id": 2, "prompt": […], "continuations": [" yes", " no"]}

                idefics-eval infer --model idefics-9b --requests questions.jsonl > answers.jsonl
            """
    )

    @Option(help: "Folder of an IDEFICS checkpoint in Hugging Face format.")
    var model: String

    @Option(help: "File of requests, one JSON object per line; may be gzip-compressed.")
    var requests: String

    @Option(help: "How products are computed: f32 or bf16.")
    var precision: EnginePrecision = .bf16

    @Option(help: "Worker threads; all cores unless given.")
    var threads: Int?

    @Option(help: "The most tokens of a prompt with its new ones, in place of the checkpoint's.")
    var maxPromptTokens: Int?

    @Option(help: "Write counters of the work to this file.")
    var stats: String?

    func run() throws {
        let lines = LineReader(try InputFile(requests).chunks())
        let watch = SignalWatch()
        let engine = try LocalEngine(
            model,
            options: LocalEngineOptions(
                precision: precision,
                threads: threads,
                maxPromptTokens: maxPromptTokens
            )
        )
        let session = InferSession(lines, source: requests, write: Output.line)
        do {
            try engine.run(
                next: session.next,
                deliver: session.deliver,
                cancellation: watch.cancellation
            )
        } catch let error as CancellationError {
            throw watch.cancellation.signal.map { ExitStatus(signal: $0) } ?? error
        }
        if let stats { try StatisticsFile.write(engine, to: stats) }
        if session.failureCount > 0 { throw ExitStatus.incomplete }
    }
}
