import Checkpoints
public import EvalCore
import Foundation
import Images
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
        do {
            let parts = try Self.open(path, options, progress)
            resources = parts.resources
            provenance = parts.provenance
            encoder = parts.resources.preparation.encoder
        } catch { throw LocalEngineError.wrapping(error) }
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
        try scheduler.run(next: next, deliver: deliver, cancellation: cancellation)
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

// MARK: Opening

extension LocalEngine {
    private static func open(
        _ path: String,
        _ options: LocalEngineOptions,
        _ progress: @escaping (Int, Int) -> Void
    ) throws -> (resources: Scheduler.Resources, provenance: EngineProvenance) {
        let precision: Precision = options.precision == .f32 ? .f32 : .bf16
        let backend = try CPUBackend(
            precision: precision,
            threads: options.threads,
            kernelSet: options.kernelSet
        )
        let folder = try CheckpointFolder(path)
        // Everything that is cheap to check comes before the weights are read.
        let configuration = try IdeficsConfiguration(folder.configuration)
        let encoder = try IdeficsPromptEncoder(
            folder,
            configuration,
            maxPromptTokens: options.maxPromptTokens
        )
        let processor = try ProcessorSettings(folder, configuration)
        let endTokens = try GenerationDefaults(folder, configuration).endTokens
        let model = try IdeficsModel(folder, backend: backend, progress: progress)
        let cache = ImageLatentCache(byteLimit: options.imageCacheBytes)
        let tokenizer = encoder.tokenizer
        let resources = Scheduler.Resources(
            model: model,
            cache: cache,
            preparation: RequestPreparation(
                encoder: encoder,
                pictures: PictureLoader(
                    decoder: ImageDecoder(
                        truncatedImages: options.loadsTruncatedImages ? .load : .error
                    ),
                    transform: processor.transform,
                    cache: cache
                ),
                defaultStopTokens: endTokens,
                logitCount: configuration.logitCount
            ),
            options: options,
            decode: { tokenizer.decode($0, skippingSpecial: true) }
        )
        let provenance = EngineProvenance(
            model: URL(fileURLWithPath: folder.path).standardizedFileURL.lastPathComponent,
            weightsDigest: folder.weightsDigest,
            tokenizerDigest: encoder.tokenizerDigest,
            processorDigest: processor.digest,
            precision: options.precision.rawValue,
            kernelSet: backend.kernelSet,
            hasEndOfChunk: encoder.hasToken("<|endofchunk|>")
        )
        return (resources, provenance)
    }
}
