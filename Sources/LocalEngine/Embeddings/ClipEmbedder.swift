public import EvalCore
import Foundation
import Images
import InputFiles

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
}

/// Where an embedder stands.
public struct EmbeddingProgress: Sendable, Hashable {
    /// Pictures asked for.
    public var total = 0
    /// Pictures that were delivered.
    public var finished = 0
    /// Those of them that cannot be embedded.
    public var failed = 0
    /// Those of them that were computed now.
    public var encoded = 0
    /// Seconds since the first picture was asked for.
    public var seconds = 0.0
}

/// What a caller is told while pictures are embedded.
public enum EmbeddingEvent: Sendable {
    /// Blocks of the encoder that are loaded, and blocks in all.
    case loading(done: Int, total: Int)
    /// Pictures were finished.
    case progress(EmbeddingProgress)
    /// A file of the cache was not whole; its embeddings are made again.
    case cacheDamaged(String)
}

/// A CLIP checkpoint that embeds picture files and remembers what it has made.
///
/// Opening reads no weights. Pictures are decoded ahead on background threads while others are
/// encoded; what is finished becomes durable at least every two seconds.
public final class ClipEmbedder: ImageEmbedder {
    /// Pictures of all calls so far.
    public private(set) var counters = (encoded: 0, cached: 0)

    private let encoder: ClipEncoder
    private let cache: EmbeddingCache
    private let reader: PictureReader
    private let threads: Int
    private let onEvent: (EmbeddingEvent) -> Void

    /// Pictures that are encoded together.
    private static let batchSize = 16
    /// Pictures that are decoded ahead.
    private static let aheadCount = 64

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
        cache = try EmbeddingCache(options.cacheFolder, of: encoder.provenance) {
            onEvent(.cacheDamaged($0))
        }
        reader = PictureReader(
            decoder: ImageDecoder(truncatedImages: options.loadsTruncatedImages ? .load : .error),
            transform: encoder.transform
        )
        // Decoding is cheap beside encoding: two threads stay ahead of it.
        threads = min(2, options.encoder.threads ?? 2)
        self.onEvent = onEvent
    }

    /// What identifies the vectors.
    public var provenance: EmbedderProvenance { encoder.provenance }

    /// Embeds texts into the same space.
    /// - Parameter texts: any texts.
    /// - Returns: `[P]` of length 1 per text.
    /// - Throws: `LocalEngineError`.
    public func embed(texts: [String]) throws -> [[Float]] {
        let vectors = try encoder.encode(texts: texts)
        counters.encoded += texts.count
        return vectors
    }

    /// Embeds picture files; see `ImageEmbedder`.
    /// - Parameters:
    ///   - paths: picture files.
    ///   - deliver: takes each result, cached ones first as they are met.
    ///   - cancellation: polled between pictures.
    /// - Throws: what `deliver` throws, `LocalEngineError`, `CancellationError`.
    public func embed(
        _ paths: [String],
        deliver: (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void,
        cancellation: Cancellation
    ) throws {
        let work = EmbeddingWork(paths, cache: cache, onEvent: onEvent)
        let workers = OrderedWorkers<DecodedPicture>(threads: threads)
        defer {
            _ = workers.close()
            counters.encoded += work.progress.encoded
            counters.cached += work.progress.finished - work.progress.failed - work.progress.encoded
        }
        do {
            for group in work.groups {
                if cancellation.isCancelled { throw CancellationError() }
                if let read = try work.read(group, reader, deliver) { workers.add(read) }
                guard workers.count >= Self.aheadCount, let picture = workers.takeFirst() else {
                    continue
                }
                try take(picture, work, deliver)
            }
            while let picture = workers.takeFirst() {
                if cancellation.isCancelled { throw CancellationError() }
                try take(picture, work, deliver)
            }
            try encodeBatch(work, deliver)
        } catch {
            try cache.commit()  // what is finished stays finished
            throw error
        }
        try cache.commit()
        work.report()
    }

    private func take(
        _ picture: DecodedPicture,
        _ work: EmbeddingWork,
        _ deliver: (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void
    ) throws {
        try work.take(picture, deliver)
        if work.batch.count >= Self.batchSize { try encodeBatch(work, deliver) }
    }

    private func encodeBatch(
        _ work: EmbeddingWork,
        _ deliver: (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void
    ) throws {
        guard !work.batch.isEmpty else { return }
        let vectors = try encoder.encode(work.batch.map(\.pixels))
        try work.finishBatch(vectors, deliver)
        try cache.commitIfDue()
        work.report()
    }
}
