import Foundation
import InputFiles

/// The names in a checkpoint's folder, and the reading of its small files.
struct FolderListing {
    /// Without a final `/`.
    let path: String
    private let names: [String]

    init(_ path: String) throws {
        var trimmed = path
        while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") {
            trimmed.removeLast()
        }
        self.path = trimmed
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: trimmed).sorted()
        } catch {
            let exists = FileManager.default.fileExists(atPath: trimmed)
            throw CheckpointError.noFolder(
                trimmed,
                exists ? "is no folder, or one that may not be read" : "no such folder"
            )
        }
    }

    func path(of name: String) -> String { "\(path)/\(name)" }

    /// The path of a file that must be there.
    func require(_ name: String, remedy: String) throws -> String {
        guard names.contains(name) else {
            throw CheckpointError.missingFile(path(of: name), remedy)
        }
        return path(of: name)
    }

    /// The content of a file that must be there.
    func bytes(_ name: String, limit: Int, remedy: String) throws -> [UInt8] {
        try read(require(name, remedy: remedy), limit: limit)
    }

    /// The object in a file that may be missing.
    func object(_ name: String, _ limit: Int) throws -> ConfigurationObject? {
        guard names.contains(name) else { return nil }
        return try ConfigurationObject(read(path(of: name), limit: limit), path: path(of: name))
    }

    /// Weights and what is known of them without opening them.
    struct Weights {
        let catalog: WeightCatalog
        /// The shard index as stored; none for a single file.
        var indexBytes: [UInt8] = []
        /// Bytes of all tensors, where the index states them.
        var statedByteCount: Int?
        /// False if shards are missing that nobody needs.
        var isComplete = true
    }

    /// The weights.
    /// - Parameters:
    ///   - indexLimit: the most bytes of the shard index.
    ///   - mayMiss: true if shards that the index names may be missing.
    /// - Returns: the weights, without tensors if shards are missing that may.
    /// - Throws: `CheckpointError`.
    func openWeights(indexLimit: Int, mayMiss: Bool) throws -> Weights {
        let (single, index) = ("model.safetensors", "model.safetensors.index.json")
        // The order of transformers: a single file wins over an index.
        if names.contains(single) {
            return Weights(catalog: try WeightCatalog(file: path(of: single)))
        }
        if names.contains(index) {
            let bytes = try read(path(of: index), limit: indexLimit)
            let shards = try ShardIndex(bytes, path: path(of: index))
            let isComplete = shards.files.allSatisfy(names.contains)
            return Weights(
                catalog: mayMiss && !isComplete
                    ? WeightCatalog(absentFrom: path(of: index))
                    : try WeightCatalog(shards, folder: path),
                indexBytes: bytes,
                statedByteCount: shards.byteCount,
                isComplete: isComplete
            )
        }
        if let shard = names.first(where: { $0.hasSuffix(".safetensors") }) {
            throw CheckpointError.noIndex(path, shard: shard)
        }
        if let pickle = names.first(where: { $0.hasSuffix(".bin") || $0.hasSuffix(".pt") }) {
            throw CheckpointError.pickledWeights(path, file: pickle)
        }
        throw CheckpointError.noWeights(path)
    }

    private func read(_ path: String, limit: Int) throws -> [UInt8] {
        do { return try InputFile(path, limit: limit).bytes() } catch {
            throw CheckpointError.unreadable(error)
        }
    }
}
