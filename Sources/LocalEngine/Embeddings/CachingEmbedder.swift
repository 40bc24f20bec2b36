package import EvalCore
package import Images

/// Embeds picture files by any encoder and remembers what it has made.
///
/// Pictures are decoded ahead on background threads while others are encoded; what is finished is
/// kept on disk after at most 256 pictures or two seconds, whatever ends the process.
package final class CachingEmbedder: ImageEmbedder {
    /// Pictures of all calls so far: computed now, and found in the cache.
    package private(set) var counters = (encoded: 0, cached: 0)

    private let encoder: any PictureEncoding
    private let cache: EmbeddingCache
    private let reader: PictureReader
    private let threads: Int
    private let onEvent: (EmbeddingEvent) -> Void

    /// Pictures that are encoded together.
    private static let batchSize = 16
    /// Pictures that are decoded ahead.
    private static let aheadCount = 64

    /// Opens the encoder's cache.
    /// - Parameters:
    ///   - encoder: computes what is not known yet.
    ///   - cacheFolder: the folder that keeps the embeddings of all encoders.
    ///   - truncatedImages: what to do with truncated picture files.
    ///   - limits: how the cache's files are cut.
    ///   - threads: how many decode ahead.
    ///   - onEvent: told how far it is.
    /// - Throws: `LocalEngineError` for a cache folder that cannot be used.
    package init(
        _ encoder: any PictureEncoding,
        cacheFolder: String,
        truncatedImages: TruncatedImages,
        limits: EmbeddingCache.Limits = EmbeddingCache.Limits(),
        threads: Int,
        onEvent: @escaping (EmbeddingEvent) -> Void
    ) throws {
        self.encoder = encoder
        cache = try EmbeddingCache(cacheFolder, of: encoder.provenance, limits: limits) {
            onEvent(.cacheDamaged($0))
        }
        reader = PictureReader(
            decoder: ImageDecoder(truncatedImages: truncatedImages),
            transform: encoder.transform
        )
        self.threads = threads
        self.onEvent = onEvent
    }

    /// What identifies the vectors.
    package var provenance: EmbedderProvenance { encoder.provenance }

    /// Embeds picture files; see `ImageEmbedder`.
    package func embed(
        _ paths: [String],
        deliver: (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void,
        cancellation: Cancellation
    ) throws {
        let work = EmbeddingWork(paths, cache: cache, onEvent: onEvent)
        defer { count(work.progress) }
        do {
            try embed(work, deliver, cancellation)
        } catch {
            // What ended the work is what the caller has to hear of; at worst the last pictures
            // are made again.
            try? cache.commit()
            throw error
        }
        try cache.commit()
        work.report()
    }

    private func embed(
        _ work: EmbeddingWork,
        _ deliver: EmbeddingWork.Deliver,
        _ cancellation: Cancellation
    ) throws {
        let workers = OrderedWorkers<DecodedPicture>(threads: threads)
        defer { _ = workers.close() }
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
    }

    private func take(
        _ picture: DecodedPicture,
        _ work: EmbeddingWork,
        _ deliver: EmbeddingWork.Deliver
    ) throws {
        try work.take(picture, deliver)
        if work.batch.count >= Self.batchSize { try encodeBatch(work, deliver) }
        try cache.commitIfDue()
    }

    private func encodeBatch(_ work: EmbeddingWork, _ deliver: EmbeddingWork.Deliver) throws {
        guard !work.batch.isEmpty else { return }
        try work.finishBatch(try encoder.encode(work.batch.map(\.pixels)), deliver)
        work.report()
    }

    private func count(_ progress: EmbeddingProgress) {
        counters.encoded += progress.encoded
        counters.cached += progress.finished - progress.failed - progress.encoded
    }
}
