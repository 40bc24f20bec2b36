import EvalCore
import Foundation
import InputFiles
import Tensors

/// The folder of one encoder's embeddings: files that only ever appear whole.
///
/// Several processes may use it at once. A file's content never changes under its name, and one
/// goes only when its rows stand in another.
struct EmbeddingFolder {
    let path: String
    let encoder: EmbedderProvenance
    /// Told about files that are not whole.
    let onDamage: (String) -> Void

    /// Leftovers of killed processes are older than any write takes.
    private static let leftoverSeconds = 3600.0

    /// - Throws: `LocalEngineError` if there is no such folder and none can be made.
    init(
        _ root: String,
        of encoder: EmbedderProvenance,
        onDamage: @escaping (String) -> Void
    ) throws {
        path = "\(root)/\(encoder.digest.prefix(16))"
        self.encoder = encoder
        self.onDamage = onDamage
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw LocalEngineError.cacheFolder(path, error.localizedDescription)
        }
    }

    /// Maps all files; those that are not whole are thrown out.
    /// - Throws: `LocalEngineError` for files of other encoders or programs, and if the folder
    ///   cannot be read.
    func open() throws -> [EmbeddingShard] {
        removeLeftovers()
        var shards: [EmbeddingShard] = []
        var seen: Set<String> = []
        var isComplete = false
        while !isComplete {
            isComplete = true
            for name in try names() where seen.insert(name).inserted {
                do {
                    if let shard = try open(name) { shards.append(shard) }
                } catch InputFileError.missing {
                    // Another process merged it meanwhile: its rows are in a file not listed yet.
                    isComplete = false
                }
            }
        }
        return shards
    }

    private func names() throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw LocalEngineError.cacheFolder(path, error.localizedDescription)
        }
    }

    private func open(_ name: String) throws -> EmbeddingShard? {
        guard name.hasSuffix(EmbeddingShard.suffix),
            let kind = EmbeddingShard.Kind.allCases.first(where: { name.hasPrefix($0.prefix) })
        else { return nil }
        do {
            return try EmbeddingShard(kind, "\(path)/\(name)", of: encoder)
        } catch let damage as EmbeddingShard.Damage {
            discard("\(path)/\(name)", damage)
            return nil
        } catch let error as InputFileError {
            if case .missing = error { throw error }
            throw LocalEngineError.cacheFolder(path, "\(error)")
        }
    }

    /// True if a file's content is what its name says; if not, the file is thrown out.
    func isWhole(_ shard: EmbeddingShard) -> Bool {
        do {
            try shard.verify()
            return true
        } catch {
            discard(shard.path, error)
            return false
        }
    }

    private func discard(_ file: String, _ damage: EmbeddingShard.Damage) {
        onDamage("\(damage.reason); its embeddings are made again")
        try? FileManager.default.removeItem(atPath: file)  // else the next command says it again
    }

    /// False if another process has merged a file into another.
    func holds(_ shard: EmbeddingShard) -> Bool {
        FileManager.default.fileExists(atPath: shard.path)
    }

    /// Writes vectors as a new file.
    /// - Throws: `LocalEngineError` if the disk refuses.
    func write(vectors rows: [(pixels: PixelDigest, vector: [Float])]) throws -> EmbeddingShard {
        let values = Tensor(zeros: [rows.count, encoder.width])
        for (index, row) in rows.enumerated() { values.setRow(index, to: row.vector) }
        return try write(.vectors, rows.map(\.pixels), values)
    }

    /// Writes what files show as a new file.
    /// - Throws: `LocalEngineError` if the disk refuses.
    func write(files rows: [(file: PixelDigest, pixels: PixelDigest)]) throws -> EmbeddingShard {
        try write(.files, rows.map(\.file), Self.tensor(rows.map(\.pixels)))
    }

    private func write(
        _ kind: EmbeddingShard.Kind,
        _ keys: [PixelDigest],
        _ values: Tensor
    ) throws -> EmbeddingShard {
        do {
            let keys = Self.tensor(keys)
            return try EmbeddingShard.write(kind, keys: keys, values: values, in: path, of: encoder)
        } catch let error as SafetensorsError {
            throw LocalEngineError.cacheFolder(path, error.description)
        } catch let damage as EmbeddingShard.Damage {
            throw LocalEngineError.cacheFolder(path, damage.reason)
        } catch let error as InputFileError {
            throw LocalEngineError.cacheFolder(path, error.description)
        }
    }

    private static func tensor(_ digests: [PixelDigest]) -> Tensor {
        Tensor(bytes: digests.flatMap(\.bytes), shape: [digests.count, 32])
    }

    /// Brings the rows of several files into one, which is whole before the others go.
    /// - Throws: `LocalEngineError` if the disk refuses.
    func merge(_ shards: [EmbeddingShard], _ kind: EmbeddingShard.Kind) throws -> EmbeddingShard {
        var seen: Set<PixelDigest> = []
        let whole: EmbeddingShard
        switch kind {
        case .vectors:
            let rows = shards.flatMap { shard in
                zip(shard.keyDigests, 0...).map { ($0, shard.vector($1)) }
            }
            whole = try write(vectors: rows.filter { seen.insert($0.0).inserted })
        case .files:
            let rows = shards.flatMap { Array(zip($0.keyDigests, $0.pixelDigests)) }
            whole = try write(files: rows.filter { seen.insert($0.0).inserted })
        }
        for shard in shards where shard.path != whole.path {
            // A copy that stays is harmless.
            try? FileManager.default.removeItem(atPath: shard.path)
        }
        return whole
    }

    /// Removes half-written files of processes that were killed.
    private func removeLeftovers() {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: path)) ?? []
        where name.contains(EmbeddingShard.suffix + ".partial-") {
            let file = "\(path)/\(name)"
            let changed = try? files.attributesOfItem(atPath: file)[.modificationDate] as? Date
            if let changed, -changed.timeIntervalSinceNow > Self.leftoverSeconds {
                try? files.removeItem(atPath: file)  // one that stays is in nobody's way
            }
        }
    }
}
