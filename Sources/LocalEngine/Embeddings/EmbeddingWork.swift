import EvalCore
import Foundation
import Images
import InputFiles

/// A picture that came from a background thread.
struct DecodedPicture: Sendable {
    /// Which of the distinct paths.
    let group: Int
    let identity: FileIdentity
    /// True if the file had not changed for so long that its identity will tell the next change.
    let isSettled: Bool
    let result: Result<(digest: PixelDigest, pixels: [Float]), SampleFailure>
}

/// One call of an embedder: who waits for which picture, and what is to be encoded next.
final class EmbeddingWork {
    typealias Deliver = (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void

    /// Pictures to encode together, each once.
    private(set) var batch: [(digest: PixelDigest, pixels: [Float])] = []
    private(set) var progress = EmbeddingProgress()
    private var reportedCount = 0
    private let start = ContinuousClock.now
    private let paths: [String]
    /// Indices of equal paths, one group for each path.
    private let members: [[Int]]
    private let cache: EmbeddingCache
    private let onEvent: (EmbeddingEvent) -> Void
    /// Groups that wait for a picture of the batch.
    private var waiting: [PixelDigest: [Int]] = [:]

    /// A file that changes twice within a tick of its file system's clock keeps its identity.
    private static let settlingSeconds = 2.0

    init(_ paths: [String], cache: EmbeddingCache, onEvent: @escaping (EmbeddingEvent) -> Void) {
        self.cache = cache
        self.onEvent = onEvent
        var order: [String] = []
        var members: [[Int]] = []
        var places: [String: Int] = [:]
        for (index, path) in paths.enumerated() {
            if let place = places[path] {
                members[place].append(index)
            } else {
                places[path] = order.count
                order.append(path)
                members.append([index])
            }
        }
        (self.paths, self.members) = (order, members)
        progress.total = paths.count
    }

    /// The distinct paths, by number.
    var groups: Range<Int> { paths.indices }

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
        if let pixels = cache.pixels(of: file.identity), let vector = cache.vector(of: pixels) {
            let embedding = PictureEmbedding(pixelDigest: pixels, vector: vector)
            try finish(group, .success(embedding), deliver)
            return nil
        }
        let age = Date().timeIntervalSince1970 - Double(file.identity.modificationNanoseconds) / 1e9
        return {
            DecodedPicture(
                group: group,
                identity: file.identity,
                isSettled: age > Self.settlingSeconds,
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
            if picture.isSettled { cache.add(picture.identity, shows: digest) }
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
        for (picture, vector) in zip(batch, vectors) {
            let result: Result<PictureEmbedding, SampleFailure>
            if let vector {
                cache.add(vector, of: picture.digest)
                result = .success(PictureEmbedding(pixelDigest: picture.digest, vector: vector))
            } else {
                result = .failure(.noDirection)
            }
            for group in waiting.removeValue(forKey: picture.digest) ?? [] {
                if vector != nil { progress.encoded += members[group].count }
                try finish(group, result, deliver)
            }
        }
        batch = []
    }

    private func finish(
        _ group: Int,
        _ result: Result<PictureEmbedding, SampleFailure>,
        _ deliver: Deliver
    ) throws {
        for index in members[group] {
            progress.finished += 1
            if case .failure = result { progress.failed += 1 }
            try deliver(index, result)
        }
    }
}

extension SampleFailure {
    fileprivate static let noDirection = SampleFailure(
        code: "embedding_invalid",
        message: "the encoder's vector of the picture is zero or not finite; are the weights whole?"
    )
}
