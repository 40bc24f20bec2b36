import StrictJSON

/// `model.safetensors.index.json`: which file of the folder holds which tensor.
struct ShardIndex: Sendable {
    /// A line of the weight map.
    struct Entry: Sendable {
        let tensor: String
        let file: String
    }

    /// The index's path, for errors.
    let path: String
    /// In the file's order.
    let entries: [Entry]
    /// Bytes of all tensors as the index states them (`metadata.total_size`).
    let byteCount: Int?

    /// The distinct file names, sorted by their bytes.
    var files: [String] {
        Set(entries.map { Array($0.file.utf8) })
            .sorted { $0.lexicographicallyPrecedes($1) }
            .map { String(decoding: $0, as: UTF8.self) }
    }

    init(_ bytes: [UInt8], path: String) throws {
        self.path = path
        do {
            let root = try JSONDocument(bytes, source: path).root
            let map = try root["weight_map"]
            entries = try map.members().map { tensor, file in
                Entry(tensor: tensor, file: try file.string())
            }
            byteCount = try root["metadata"].optional
                .flatMap { try $0["total_size"].optional }
                .flatMap { try? $0.integer(in: 0...Int.max) }  // nobody but us reads it
        } catch let error as JSONError {
            throw CheckpointError(.invalidIndex, error.description)
        }
        for entry in entries where !Self.isPlain(entry.file) {
            throw CheckpointError.shardName(
                path,
                entry.file.escapedForDisplay,
                tensor: entry.tensor.escapedForDisplay
            )
        }
    }

    /// Whether a name stays in its folder and is what a shard is called.
    private static func isPlain(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return !bytes.contains(0) && !bytes.contains(UInt8(ascii: "/"))
            && bytes.count <= 255 && bytes.suffix(12).elementsEqual(".safetensors".utf8)
    }
}
