public import EvalCore
import Images
import Tensors

/// What an embedder may use.
public struct ClipEmbedderOptions: Sendable {
    /// How the encoder is computed.
    public var encoder: ClipEncoderOptions
    /// The folder that keeps embeddings, made if it is not there.
    public var cacheFolder: String
    /// Accepts truncated picture files and shows what there is of them.
    public var loadsTruncatedImages: Bool

    /// Creates options.
    public init(
        encoder: ClipEncoderOptions = ClipEncoderOptions(),
        cacheFolder: String,
        loadsTruncatedImages: Bool = false
    ) {
        self.encoder = encoder
        self.cacheFolder = cacheFolder
        self.loadsTruncatedImages = loadsTruncatedImages
    }

    /// Threads that decode ahead: few where encoding is the longer work, more where many threads
    /// share it.
    fileprivate var decoderThreads: Int {
        let threads = encoder.threads ?? ProcessorCount.available
        return min(threads, max(2, threads / 4))
    }
}

/// A CLIP checkpoint that embeds picture files and remembers what it has made.
///
/// Opening reads no weights: they are loaded for the first picture that is not known yet.
public final class ClipEmbedder: ImageEmbedder {
    private let encoder: ClipEncoder
    private let pictures: CachingEmbedder
    private var textCount = 0

    /// Opens a checkpoint and its cache.
    /// - Parameters:
    ///   - path: a `CLIPModel` folder in Hugging Face layout.
    ///   - options: what it may use.
    ///   - onEvent: told how far it is.
    /// - Throws: `LocalEngineError` for a checkpoint or cache folder that cannot be used.
    public init(
        _ path: String,
        options: ClipEmbedderOptions,
        onEvent: @escaping (EmbeddingEvent) -> Void = { _ in }
    ) throws {
        encoder = try ClipEncoder(path, options: options.encoder) { done, total in
            onEvent(.loading(done: done, total: total))
        }
        pictures = try CachingEmbedder(
            encoder,
            cacheFolder: options.cacheFolder,
            truncatedImages: options.loadsTruncatedImages ? .load : .error,
            threads: options.decoderThreads,
            onEvent: onEvent
        )
    }

    /// What identifies the vectors.
    public var provenance: EmbedderProvenance { encoder.provenance }

    /// Pictures and texts of all calls so far: computed now, and found in the cache.
    public var counters: (encoded: Int, cached: Int) {
        (pictures.counters.encoded + textCount, pictures.counters.cached)
    }

    /// Embeds picture files; see `ImageEmbedder`.
    /// - Parameters:
    ///   - paths: picture files.
    ///   - deliver: takes each result, known ones as they are met.
    ///   - cancellation: polled between pictures.
    /// - Throws: what `deliver` throws, `LocalEngineError`, `CancellationError`.
    public func embed(
        _ paths: [String],
        deliver: (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void,
        cancellation: Cancellation
    ) throws {
        try pictures.embed(paths, deliver: deliver, cancellation: cancellation)
    }

    /// Embeds texts into the same space.
    /// - Parameter texts: any texts.
    /// - Returns: `[P]` of length 1 per text.
    /// - Throws: `LocalEngineError`.
    public func embed(texts: [String]) throws -> [[Float]] {
        let vectors = try encoder.encode(texts: texts)
        textCount += texts.count
        return vectors
    }
}
