import ArgumentParser
import EvalCore
import Evaluation
import Foundation
import LocalEngine
import Tensors

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

    @Option(
        help: ArgumentHelp(
            "Memory that the process may take, such as 20G; what is free, less a margin, unless "
                + "given.",
            valueName: "bytes"
        ),
        transform: ByteCount.read
    )
    var maxMemory: ByteCount?

    @Option(help: ArgumentHelp("What to do with a cut-off picture file.", valueName: "policy"))
    var truncatedImages: TruncatedImagePolicy = .error

    func validate() throws {
        if let threads, threads < 1 || threads > 4096 {
            throw ValidationError("--threads \(threads): expected 1…4096")
        }
    }

    /// What the engine may use besides memory.
    var engineOptions: LocalEngineOptions {
        LocalEngineOptions(
            precision: precision,
            threads: threads,
            loadsTruncatedImages: truncatedImages == .load
        )
    }

    /// The bytes of `--max-memory`, else what the machine can spare; nil where it does not say.
    var memoryLimit: Int? { maxMemory?.value ?? MachineMemory.defaultLimit }
}

extension CheckpointOutline {
    /// The engine's options with caches that keep the process within its memory.
    /// - Parameters:
    ///   - path: the checkpoint's folder.
    ///   - model: what the command says of the engine.
    ///   - maxPromptTokens: overrides the checkpoint's limit.
    /// - Returns: the options.
    /// - Throws: `LocalEngineError` for what cannot fit, before any weight is read.
    static func options(
        _ path: String,
        _ model: ModelOptions,
        maxPromptTokens: Int? = nil
    ) throws -> LocalEngineOptions {
        var options = model.engineOptions
        options.maxPromptTokens = maxPromptTokens
        guard let limit = model.memoryLimit else { return options }
        return try CheckpointOutline(path, options: options)
            .options(options, within: limit, harness: Host.harnessBytes)
    }
}

/// Whether a command says where its time went.
struct ProfileOption: ParsableArguments {
    @Flag(help: "Print where the time went, part by part, to stderr.")
    var profile = false

    /// Where the engine writes it down; nil if nobody asks.
    var stages: StageProfile? { profile ? StageProfile() : nil }
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
    init(_ model: ModelOptions, home: Home, profile: StageProfile? = nil) throws {
        isDemo = model.model == nil
        path = try model.model ?? home.demo(home.demoModel, instead: "--model")
        var options = try CheckpointOutline.options(path, model)
        options.profile = profile
        self.options = options
        (provenance, encoder) = try LocalEngine.preview(path, options: options)
    }

    /// Threads that the engine will use.
    var threads: Int { options.threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Prints where the engine's time went, if asked to.
    /// - Throws: `LocalEngineError`.
    func showProfile() throws {
        guard let profile = options.profile else { return }
        try ProfileText.show(profile, options)
    }

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
