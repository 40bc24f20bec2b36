import ArgumentParser
import EvalCore
import Evaluation
import Foundation
import LocalEngine

/// Which checkpoint computes, and how.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of an IDEFICS checkpoint in Hugging Face format; the demo's unless given.",
            valueName: "dir"
        )
    )
    var model: String?

    @Option(help: ArgumentHelp("How products are computed.", valueName: "name"))
    var precision: EnginePrecision = .bf16

    @Option(help: ArgumentHelp("Worker threads; all cores unless given.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("What to do with a cut-off picture file.", valueName: "policy"))
    var truncatedImages: TruncatedImagePolicy = .error

    func validate() throws {
        if let threads, threads < 1 || threads > 4096 {
            throw ValidationError("--threads \(threads): expected 1…4096")
        }
    }
}

/// The checkpoint of a command: what it is, before its weights are loaded, and the engine.
struct EngineSource {
    /// True if it is the bundled demo's.
    let isDemo: Bool
    /// What identifies the numbers that it makes.
    let provenance: EngineProvenance
    /// Makes the token ids of prompts, as the engine will.
    let encoder: IdeficsPromptEncoder
    /// The checkpoint's folder.
    let path: String
    private let options: LocalEngineOptions

    /// Looks at a checkpoint without loading it.
    /// - Throws: `LocalEngineError`; `CommandError` if there is no demo to fall back on.
    init(_ model: ModelOptions, home: Home) throws {
        isDemo = model.model == nil
        path = try model.model ?? home.demo(home.demoModel, instead: "--model")
        options = LocalEngineOptions(
            precision: model.precision,
            threads: model.threads,
            loadsTruncatedImages: model.truncatedImages == .load
        )
        (provenance, encoder) = try LocalEngine.preview(path, options: options)
    }

    /// Threads that the engine will use.
    var threads: Int { options.threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Loads the weights.
    /// - Parameter progress: told about blocks loaded and blocks in all.
    /// - Returns: the engine and its prompt encoder.
    /// - Throws: `LocalEngineError`.
    func load(
        _ progress: @escaping (Int, Int) -> Void
    ) throws -> EvaluationPipeline.LoadedEngine {
        let engine = try LocalEngine(path, options: options, progress: progress)
        return (engine, engine.encoder)
    }
}
