import EvalCore
import Foundation
import InputFiles
import Tensors

/// A file of the embedding cache: rows of 32 bytes each and what they stand for.
///
/// `vectors-…` files hold `pixels` `[n, 32]` u8 and `embeddings` `[n, P]` f32; `files-…` files hold
/// `files` `[n, 32]` u8 (identities) and `pixels` `[n, 32]` u8. The name ends with the SHA-256 of the
/// two tensors' bytes, and `__metadata__` says which encoder made them.
struct EmbeddingShard {
    /// What a file holds.
    enum Kind: String {
        case vectors
        case files

        var keyName: String { self == .vectors ? "pixels" : "files" }
        var valueName: String { self == .vectors ? "embeddings" : "pixels" }
    }

    let kind: Kind
    let path: String
    /// `[n, 32]` u8.
    let keys: Tensor
    /// `[n, P]` f32 or `[n, 32]` u8.
    let values: Tensor

    var count: Int { keys.shape[0] }

    private static let format = "idefics-eval embedding cache 1"

    /// Maps a file; its content is not read yet.
    /// - Throws: `Damage` for a file that is not whole, `LocalEngineError` for one of another encoder.
    init(_ kind: Kind, _ path: String, of encoder: EmbedderProvenance) throws {
        let file: SafetensorsFile
        do { file = try SafetensorsFile(path) } catch { throw Damage(reason: "\(error)") }
        guard file.metadata["format"] == Self.format,
            let keys = try? file.tensor(kind.keyName),
            let values = try? file.tensor(kind.valueName),
            keys.dtype == .u8, keys.shape.count == 2, keys.shape[1] == 32,
            values.shape.count == 2, values.shape[0] == keys.shape[0],
            values.dtype == (kind == .vectors ? .f32 : .u8)
        else { throw Damage(reason: "\(path): is no file of an embedding cache") }
        let width = kind == .vectors ? values.shape[1] : encoder.width
        let digest = file.metadata["encoder"] ?? ""
        guard digest == encoder.digest, width == encoder.width else {
            throw LocalEngineError.otherEncoder(
                path,
                got: "\(digest.prefix(16)), width \(width)",
                expected: "\(encoder.digest.prefix(16)) (\(encoder.name)), width \(encoder.width)"
            )
        }
        guard kind == .vectors || values.shape[1] == 32 else {
            throw Damage(reason: "\(path): is no file of an embedding cache")
        }
        (self.kind, self.path, self.keys, self.values) = (kind, path, keys, values)
    }

    /// Writes a file under its content's name; a reader never sees half of it.
    /// - Returns: the file, mapped.
    /// - Throws: `SafetensorsError` if it cannot be written.
    static func write(
        _ kind: Kind,
        keys: Tensor,
        values: Tensor,
        in folder: String,
        of encoder: EmbedderProvenance
    ) throws -> EmbeddingShard {
        var writer = SafetensorsWriter(
            metadata: [
                "format": format, "encoder": encoder.digest, "encoder_name": encoder.name,
            ]
        )
        writer.add(keys, as: kind.keyName)
        writer.add(values, as: kind.valueName)
        let name = "\(kind.rawValue)-\(contentDigest(keys, values)).safetensors"
        let path = "\(folder)/\(name)"
        try writer.write(to: path)
        return try EmbeddingShard(kind, path, of: encoder)
    }

    /// Reads the whole content and compares it with the name.
    /// - Throws: `Damage` if they disagree.
    func verify() throws(Damage) {
        let name = URL(fileURLWithPath: path).lastPathComponent
        guard name == "\(kind.rawValue)-\(Self.contentDigest(keys, values)).safetensors" else {
            throw Damage(reason: "\(path): its content is not what its name says")
        }
    }

    /// The key of a row.
    func key(_ row: Int) -> PixelDigest { Self.digest(keys, row) }

    /// The digest that a row of a `files-…` file stands for.
    func pixels(_ row: Int) -> PixelDigest { Self.digest(values, row) }

    private static func digest(_ tensor: Tensor, _ row: Int) -> PixelDigest {
        PixelDigest(tensor.rowRange(row..<row + 1).bytes())
    }

    private static func contentDigest(_ keys: Tensor, _ values: Tensor) -> String {
        var hasher = SHA256Hasher()
        keys.withBytes { hasher.update($0) }
        values.withBytes { hasher.update($0) }
        return hasher.finalize().hex
    }

    /// A file of the cache that is not whole; its content is made again.
    struct Damage: Error {
        let reason: String
    }
}

extension FileIdentity {
    /// The 32 bytes that tell one version of a file from another.
    var key: PixelDigest {
        let numbers = [
            device, inode, UInt64(truncatingIfNeeded: byteCount),
            UInt64(truncatingIfNeeded: modificationNanoseconds),
        ]
        return PixelDigest(
            numbers.flatMap { number in
                (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
            }
        )
    }
}
