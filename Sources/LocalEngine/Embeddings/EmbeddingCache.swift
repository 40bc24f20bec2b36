import EvalCore
import Foundation
import InputFiles
import Tensors

/// Embeddings that were made before, in a folder of files that only ever appear whole.
///
/// A vector is found by the pixels that it was made of; a file that did not change is found by its
/// identity without decoding it. In memory each picture takes about 200 bytes of tables; vectors
/// stay in mapped files. Several processes may use one folder: each sees what was there when it
/// opened it.
final class EmbeddingCache {
    private struct Place {
        let shard: Int32
        let row: Int32
    }

    private let folder: String
    private let encoder: EmbedderProvenance
    private var shards: [EmbeddingShard] = []
    private var isVerified: [Bool] = []
    private var places: [PixelDigest: Place] = [:]
    private var pixelsOfFiles: [PixelDigest: PixelDigest] = [:]
    private var newVectors: [(pixels: PixelDigest, vector: [Float])] = []
    /// Where the vector of some pixels stands in `newVectors`.
    private var newPlaces: [PixelDigest: Int] = [:]
    private var newFiles: [(file: PixelDigest, pixels: PixelDigest)] = []
    private var lastCommit = ContinuousClock.now
    private let onDamage: (String) -> Void

    /// Rows after which finished work is committed, and the longest time without.
    private static let (rowLimit, interval) = (256, Duration.seconds(2))

    /// Opens the folder of an encoder.
    /// - Parameters:
    ///   - root: the folder of all encoders; made if it is not there.
    ///   - encoder: whose vectors are wanted.
    ///   - onDamage: told about files that are not whole; they are removed and made again.
    /// - Throws: `LocalEngineError` if the folder cannot be used, or holds another encoder's files.
    init(
        _ root: String,
        of encoder: EmbedderProvenance,
        onDamage: @escaping (String) -> Void
    ) throws {
        folder = "\(root)/\(encoder.digest.prefix(16))"
        self.encoder = encoder
        self.onDamage = onDamage
        let names: [String]
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
            names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw LocalEngineError.cacheFolder(folder, error.localizedDescription)
        }
        for kind in [EmbeddingShard.Kind.vectors, .files] {
            let opened = try names.filter {
                $0.hasPrefix("\(kind)-") && $0.hasSuffix(".safetensors")
            }
            .compactMap { try open(kind, "\(folder)/\($0)") }
            for shard in try merged(opened, kind) { try add(shard) }
        }
    }

    /// The pixels that a version of a file is known to show.
    func pixels(of file: FileIdentity) -> PixelDigest? { pixelsOfFiles[file.key] }

    /// The vector made of some pixels, nil if it has to be made.
    func vector(of pixels: PixelDigest) -> [Float]? {
        if let index = newPlaces[pixels] { return newVectors[index].vector }
        guard let place = places[pixels] else { return nil }
        let index = Int(place.shard)
        guard isVerified[index] || verify(index) else { return nil }
        return shards[index].values.row(Int(place.row))
    }

    /// Keeps a vector; `commitIfDue` and `commit` make it durable.
    func add(_ vector: [Float], of pixels: PixelDigest) {
        newPlaces[pixels] = newVectors.count
        newVectors.append((pixels, vector))
    }

    /// Keeps what a version of a file shows.
    func add(_ file: FileIdentity, shows pixels: PixelDigest) {
        guard pixelsOfFiles.updateValue(pixels, forKey: file.key) != pixels else { return }
        newFiles.append((file.key, pixels))
    }

    /// Writes what is new if there is enough of it, or for long enough.
    /// - Throws: `LocalEngineError` if the disk refuses.
    func commitIfDue() throws {
        let count = max(newVectors.count, newFiles.count)
        guard count >= Self.rowLimit || lastCommit.duration(to: .now) > Self.interval else {
            return
        }
        try commit()
    }

    /// Writes what is new.
    /// - Throws: `LocalEngineError` if the disk refuses.
    func commit() throws {
        lastCommit = .now
        do {
            if !newVectors.isEmpty {
                let vectors = Tensor(zeros: [newVectors.count, encoder.width])
                for (row, new) in newVectors.enumerated() { vectors.setRow(row, to: new.vector) }
                try write(.vectors, newVectors.map(\.pixels), vectors)
                (newVectors, newPlaces) = ([], [:])
            }
            if !newFiles.isEmpty {
                let pixels = Tensor(
                    bytes: newFiles.flatMap(\.pixels.bytes),
                    shape: [newFiles.count, 32]
                )
                try write(.files, newFiles.map(\.file), pixels)
                newFiles = []
            }
        } catch let error as SafetensorsError {
            throw LocalEngineError.cacheFolder(folder, error.description)
        }
    }

    private func write(_ kind: EmbeddingShard.Kind, _ keys: [PixelDigest], _ values: Tensor) throws
    {
        let shard = try EmbeddingShard.write(
            kind,
            keys: Tensor(bytes: keys.flatMap(\.bytes), shape: [keys.count, 32]),
            values: values,
            in: folder,
            of: encoder
        )
        guard kind == .vectors else { return }
        try add(shard)
        isVerified[shards.count - 1] = true
    }

    private func add(_ shard: EmbeddingShard) throws {
        guard shard.kind == .vectors else {
            for row in 0..<shard.count { pixelsOfFiles[shard.key(row)] = shard.pixels(row) }
            return
        }
        let index = Int32(shards.count)
        shards.append(shard)
        isVerified.append(false)
        places.reserveCapacity(places.count + shard.count)
        for row in 0..<shard.count {
            places[shard.key(row)] = Place(shard: index, row: Int32(row))
        }
    }
}

// MARK: Files

extension EmbeddingCache {
    /// Files of fewer rows are merged with others when the folder is opened.
    private static let (smallRows, mergedRows) = (4096, 16_384)
    /// So many small files may stay.
    private static let smallFileLimit = 64

    /// Maps a file; nil if it is not whole, or gone because another process merged it.
    private func open(_ kind: EmbeddingShard.Kind, _ path: String) throws -> EmbeddingShard? {
        do {
            let shard = try EmbeddingShard(kind, path, of: encoder)
            if kind == .files { try shard.verify() }
            return shard
        } catch let damage as EmbeddingShard.Damage {
            if FileManager.default.fileExists(atPath: path) { discard(path, damage.reason) }
            return nil
        }
    }

    /// Compares a file of vectors with its name when its first vector is needed.
    private func verify(_ index: Int) -> Bool {
        do {
            try shards[index].verify()
            isVerified[index] = true
            return true
        } catch {
            places = places.filter { $0.value.shard != Int32(index) }
            discard(shards[index].path, error.reason)
            return false
        }
    }

    private func discard(_ path: String, _ reason: String) {
        onDamage("\(reason); its embeddings are made again")
        try? FileManager.default.removeItem(atPath: path)  // else the next command says it again
    }

    /// Brings many small files into few: the new one is whole before the old ones go.
    private func merged(
        _ shards: [EmbeddingShard],
        _ kind: EmbeddingShard.Kind
    ) throws -> [EmbeddingShard] {
        var small: [EmbeddingShard] = []
        var result: [EmbeddingShard] = []
        for shard in shards where shard.count >= Self.smallRows { result.append(shard) }
        small = shards.filter { $0.count < Self.smallRows }
        guard small.count > Self.smallFileLimit else { return shards }
        while !small.isEmpty {
            var group: [EmbeddingShard] = []
            while let shard = small.popLast() {
                // What is merged gets a new name, so its old one must be right.
                guard (try? shard.verify()) != nil else {
                    discard(shard.path, "\(shard.path): its content is not what its name says")
                    continue
                }
                group.append(shard)
                if group.reduce(0, { $0 + $1.count }) >= Self.mergedRows { break }
            }
            if group.count > 1 { result.append(try merge(group, kind)) } else { result += group }
        }
        return result
    }

    private func merge(
        _ group: [EmbeddingShard],
        _ kind: EmbeddingShard.Kind
    ) throws -> EmbeddingShard {
        let count = group.reduce(0) { $0 + $1.count }
        let keys = group.flatMap { shard in (0..<shard.count).flatMap { shard.key($0).bytes } }
        let values: Tensor
        if kind == .vectors {
            values = Tensor(zeros: [count, encoder.width])
            var row = 0
            for shard in group {
                for index in 0..<shard.count {
                    values.setRow(row, to: shard.values.row(index))
                    row += 1
                }
            }
        } else {
            let bytes = group.flatMap { shard in
                (0..<shard.count).flatMap { shard.pixels($0).bytes }
            }
            values = Tensor(bytes: bytes, shape: [count, 32])
        }
        let whole = try EmbeddingShard.write(
            kind,
            keys: Tensor(bytes: keys, shape: [count, 32]),
            values: values,
            in: folder,
            of: encoder
        )
        for shard in group where shard.path != whole.path {
            // A copy that stays is harmless.
            try? FileManager.default.removeItem(atPath: shard.path)
        }
        return whole
    }
}
