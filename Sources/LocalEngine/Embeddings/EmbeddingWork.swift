import EvalCore
import Foundation
import Images
import InputFiles

/// A picture that came from a background thread.
struct DecodedPicture: Sendable {
    /// Which of the distinct paths.
    let group: Int
    /// What finds the file again; nil if it changed so lately that the next change might not show.
    let file: PictureFileKey?
    let result: Result<(digest: PixelDigest, pixels: [Float]), SampleFailure>
}

/// One call of an embedder: who waits for which picture, and what is to be encoded next.
final class EmbeddingWork {
    typealias Deliver = (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void

    /// Pictures to encode together, each once.
    private(set) var batch: [(digest: PixelDigest, pixels: [Float])] = []
    private(set) var progress = EmbeddingProgress()
    private let paths: [String]
    /// The first index of each distinct path, and the others of those that come several times.
    private let firsts: [Int]
    private let repetitions: [Int: [Int]]
    private let cache: EmbeddingCache
    private let onEvent: (EmbeddingEvent) -> Void
    /// Groups that wait for a picture of the batch.
    private var waiting: [PixelDigest: [Int]] = [:]
    private var reportedCount = 0
    private let start = ContinuousClock.now

    /// A file that changes twice within a tick of its file system's clock keeps its identity.
    private static let settlingSeconds = 2.0
    /// Pictures after which progress is told even if nothing is encoded.
    private static let reportInterval = 1024

    init(_ paths: [String], cache: EmbeddingCache, onEvent: @escaping (EmbeddingEvent) -> Void) {
        self.paths = paths
        self.cache = cache
        self.onEvent = onEvent
        var firsts: [Int] = []
        var repetitions: [Int: [Int]] = [:]
        var places: [String: Int] = [:]
        for (index, path) in paths.enumerated() {
            if let first = places[path] {
                repetitions[first, default: []].append(index)
            } else {
                places[path] = index
                firsts.append(index)
            }
        }
        (self.firsts, self.repetitions) = (firsts, repetitions)
        progress.total = paths.count
    }

    /// The distinct paths, each by its first index.
    var groups: [Int] { firsts }

    /// Tells where the work stands.
    func report() {
        guard progress.finished != reportedCount else { return }
        reportedCount = progress.finished
        progress.seconds = (ContinuousClock.now - start) / .seconds(1)
        onEvent(.progress(progress))
    }

    /// Delivers a picture whose file is known, else says how to read it in the background.
    func read(
        _ group: Int,
        _ reader: PictureReader,
        _ deliver: Deliver
    ) throws -> (@Sendable () -> DecodedPicture)? {
        let file: InputFile
        do { file = try reader.open(paths[group]) } catch {
            try finish(group, .failure(.picture(error)), deliver)
            return nil
        }
        let key = PictureFileKey(file.identity, reader.decoder)
        if let pixels = cache.pixels(of: key), let vector = cache.vector(of: pixels) {
            let embedding = PictureEmbedding(pixelDigest: pixels, vector: vector)
            try finish(group, .success(embedding), deliver)
            return nil
        }
        let age = Date().timeIntervalSince1970 - Double(file.identity.modificationNanoseconds) / 1e9
        return {
            DecodedPicture(
                group: group,
                file: age > Self.settlingSeconds ? key : nil,
                result: Result { () throws(SampleFailure) in
                    do {
                        let pixels = try reader.pixelValues(of: file)
                        return (PixelDigest(pixels.digest.bytes), pixels.values)
                    } catch { throw SampleFailure.picture(error) }
                }
            )
        }
    }

    /// Takes a picture: delivers it if its pixels are known, else puts it into the batch.
    func take(_ picture: DecodedPicture, _ deliver: Deliver) throws {
        switch picture.result {
        case .failure(let failure): try finish(picture.group, .failure(failure), deliver)
        case .success(let (digest, pixels)):
            if let file = picture.file { cache.add(file, shows: digest) }
            if let vector = cache.vector(of: digest) {
                let embedding = PictureEmbedding(pixelDigest: digest, vector: vector)
                try finish(picture.group, .success(embedding), deliver)
            } else {
                if waiting[digest] == nil { batch.append((digest, pixels)) }
                waiting[digest, default: []].append(picture.group)
            }
        }
    }

    /// Delivers the pictures of the batch.
    /// - Parameters:
    ///   - vectors: one for each of the batch; nil where there is no direction.
    ///   - deliver: takes the results.
    /// - Throws: what `deliver` throws.
    func finishBatch(_ vectors: [[Float]?], _ deliver: Deliver) throws {
        let pictures = batch
        batch = []
        // All are kept before any is delivered: what was computed outlives an error of a caller.
        for case (let picture, let vector?) in zip(pictures, vectors) {
            cache.add(vector, of: picture.digest)
        }
        for (picture, vector) in zip(pictures, vectors) {
            let result = Result { () throws(SampleFailure) in
                guard let vector else { throw .noDirection }
                return PictureEmbedding(pixelDigest: picture.digest, vector: vector)
            }
            for group in waiting.removeValue(forKey: picture.digest) ?? [] {
                if vector != nil { progress.encoded += 1 + (repetitions[group]?.count ?? 0) }
                try finish(group, result, deliver)
            }
        }
    }

    private func finish(
        _ group: Int,
        _ result: Result<PictureEmbedding, SampleFailure>,
        _ deliver: Deliver
    ) throws {
        for index in [group] + (repetitions[group] ?? []) {
            progress.finished += 1
            if case .failure = result { progress.failed += 1 }
            try deliver(index, result)
        }
        if progress.finished >= reportedCount + Self.reportInterval { report() }
    }
}

extension SampleFailure {
    fileprivate static let noDirection = SampleFailure(
        code: "embedding_invalid",
        message: "the encoder's vector of the picture is zero or not finite; are the weights whole?"
    )
}
