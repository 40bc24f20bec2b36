public import EvalCore
import Models
import Tensors
import Tokenizers

/// An IDEFICS checkpoint, computed in this process.
///
/// Requests are batched as they come: their pictures go through the vision tower once, prompts of
/// different lengths are packed without padding, sequences join and leave between steps, and
/// continuations share their prompt's positions. None of this shows in a result: each is the same,
/// bit for bit, as if its request had been alone.
public final class LocalEngine: Engine {
    /// What identifies the numbers that this engine makes.
    public let provenance: EngineProvenance
    /// Makes the token ids of prompts.
    public let encoder: IdeficsPromptEncoder
    /// Counters of the work done so far.
    public private(set) var statistics: EngineStatistics

    private let resources: Scheduler.Resources

    /// Opens a checkpoint.
    /// - Parameters:
    ///   - path: a folder in Hugging Face layout.
    ///   - options: what the engine may use.
    ///   - progress: called with blocks loaded and blocks in all.
    /// - Throws: `LocalEngineError`.
    public init(
        _ path: String,
        options: LocalEngineOptions = LocalEngineOptions(),
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let (resources, provenance) = try LocalEngineError.wrap {
            // Everything that is cheap to check comes before the weights are read.
            let backend = try Self.backend(options)
            let checkpoint = try OpenedCheckpoint(path, maxPromptTokens: options.maxPromptTokens)
            let cache = ImageLatentCache(byteLimit: options.imageCacheBytes)
            let tokenizer = checkpoint.encoder.tokenizer
            let resources = Scheduler.Resources(
                model: try IdeficsModel(checkpoint.folder, backend: backend, progress: progress),
                cache: cache,
                preparation: checkpoint.preparation(
                    cache,
                    loadsTruncated: options.loadsTruncatedImages,
                    profile: options.profile
                ),
                options: options,
                decode: { tokenizer.decode($0, skippingSpecial: true) }
            )
            return (resources, checkpoint.provenance(backend))
        }
        self.resources = resources
        self.provenance = provenance
        encoder = resources.preparation.encoder
        statistics = EngineStatistics()
        statistics.threads = resources.model.backend.threads
        statistics.loadSeconds = (clock.now - start) / .seconds(1)
    }

    /// Works through a stream of requests; see `Engine.run`.
    /// - Parameters:
    ///   - next: the next request, nil when there are no more.
    ///   - deliver: takes a finished response.
    ///   - cancellation: polled between steps.
    /// - Throws: what `next` and `deliver` throw, `CancellationError`.
    public func run(
        next: () throws -> EngineRequest?,
        deliver: (EngineResponse) throws -> Void,
        cancellation: Cancellation
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let scheduler = Scheduler(resources)
        defer { count(scheduler.statistics, seconds: (clock.now - start) / .seconds(1)) }
        guard let profile = resources.options.profile else {
            return try scheduler.run(next: next, deliver: deliver, cancellation: cancellation)
        }
        try profile.measure(.rest) {
            try scheduler.run(
                next: { try profile.measure(.prompts) { try next() } },
                deliver: { response in try profile.measure(.store) { try deliver(response) } },
                cancellation: cancellation
            )
        }
    }

    private func count(_ run: EngineStatistics, seconds: Double) {
        statistics.runSeconds += seconds
        statistics.requests += run.requests
        statistics.promptTokens += run.promptTokens
        statistics.forwardedTokens += run.forwardedTokens
        statistics.generatedTokens += run.generatedTokens
        statistics.images += run.images
        statistics.imagesEncoded += run.imagesEncoded
    }
}

// MARK: Without weights

extension LocalEngine {
    /// What an engine would call itself, without reading the weights.
    /// - Parameters:
    ///   - path: a folder in Hugging Face layout.
    ///   - options: as for opening.
    /// - Returns: the provenance of the engine that these arguments open.
    /// - Throws: `LocalEngineError`.
    public static func provenance(
        _ path: String,
        options: LocalEngineOptions = LocalEngineOptions()
    ) throws -> EngineProvenance {
        try preview(path, options: options).provenance
    }

    /// What an engine would call itself, with its prompt encoder, without reading the weights.
    /// - Parameters:
    ///   - path: a folder in Hugging Face layout.
    ///   - options: as for opening.
    /// - Returns: provenance and encoder of the engine that these arguments open.
    /// - Throws: `LocalEngineError`.
    public static func preview(
        _ path: String,
        options: LocalEngineOptions = LocalEngineOptions()
    ) throws -> (provenance: EngineProvenance, encoder: IdeficsPromptEncoder) {
        try LocalEngineError.wrap {
            let checkpoint = try OpenedCheckpoint(path, maxPromptTokens: options.maxPromptTokens)
            return (checkpoint.provenance(try backend(options)), checkpoint.encoder)
        }
    }

    /// A checkpoint's prompt encoder, without reading the weights.
    /// - Parameters:
    ///   - path: a folder in Hugging Face layout.
    ///   - maxPromptTokens: overrides the checkpoint's limit.
    /// - Returns: the encoder.
    /// - Throws: `LocalEngineError`.
    public static func encoder(
        _ path: String,
        maxPromptTokens: Int? = nil
    ) throws -> IdeficsPromptEncoder {
        try LocalEngineError.wrap {
            try OpenedCheckpoint(path, maxPromptTokens: maxPromptTokens).encoder
        }
    }

    static func backend(_ options: LocalEngineOptions) throws -> CPUBackend {
        try CPUBackend(
            precision: options.precision.products,
            threads: options.threads,
            kernelSet: options.kernelSet,
            profile: options.profile
        )
    }
}
