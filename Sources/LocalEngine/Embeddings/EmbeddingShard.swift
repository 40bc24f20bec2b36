import EvalCore
import Foundation
import InputFiles
import Tensors

/// A file of the embedding cache: rows of 32 bytes each and what they stand for.
///
/// `vectors-…` files hold `pixels` `[n, 32]` u8 and `embeddings` `[n, P]` f32; `files-…` files hold
/// `files` `[n, 32]` u8 (keys of picture files) and `pixels` `[n, 32]` u8. The name ends with the
/// SHA-256 of the encoder's digest and the two tensors' bytes; `__metadata__` names the encoder.
final class EmbeddingShard {
    /// What a file holds.
    enum Kind: String, CaseIterable {
        case vectors
        case files

        var keyName: String { self == .vectors ? "pixels" : "files" }
        var valueName: String { self == .vectors ? "embeddings" : "pixels" }
        var valueType: DType { self == .vectors ? .f32 : .u8 }
        var prefix: String { "\(rawValue)-" }
    }

    /// Why a file is not whole; its content is made again.
    struct Damage: Error {
        let reason: String
    }

    let kind: Kind
    let path: String
    /// `[n, 32]` u8.
    let keys: Tensor
    /// `[n, P]` f32 or `[n, 32]` u8.
    let values: Tensor
    private let encoderDigest: String
    private var isVerified = false

    /// Rows.
    var count: Int { keys.shape[0] }

    /// The end of the names of whole files.
    static let suffix = ".safetensors"
    private static let format = "idefics-eval embedding cache 1"

    /// Maps a file; its content is not read yet.
    /// - Throws: `Damage` for a file that is not whole, `LocalEngineError` for one that this program
    ///   did not make, or made by another encoder, `InputFileError` for one that cannot be opened.
    init(_ kind: Kind, _ path: String, of encoder: EmbedderProvenance) throws {
        let file: SafetensorsFile
        do { file = try SafetensorsFile(path) } catch let error as SafetensorsError {
            throw Damage(reason: "\(error)")
        }
        let format = file.metadata["format"] ?? "nothing that is known"
        guard format == Self.format else {
            throw LocalEngineError.notOfCache(path, got: format, expected: Self.format)
        }
        guard let keys = try? file.tensor(kind.keyName),
            let values = try? file.tensor(kind.valueName),
            keys.dtype == .u8, keys.shape.count == 2, keys.shape[1] == 32,
            values.dtype == kind.valueType, values.shape.count == 2,
            values.shape[0] == keys.shape[0], kind == .vectors || values.shape[1] == 32
        else { throw Damage(reason: "\(path): its tensors are not those of \(Self.format)") }
        let width = kind == .vectors ? values.shape[1] : encoder.width
        let digest = file.metadata["encoder"] ?? ""
        guard digest == encoder.digest, width == encoder.width else {
            throw LocalEngineError.notOfCache(
                path,
                got: "vectors of encoder \(digest), width \(width)",
                expected: "encoder \(encoder.digest) (\(encoder.name)), width \(encoder.width)"
            )
        }
        (self.kind, self.path, self.keys, self.values) = (kind, path, keys, values)
        encoderDigest = encoder.digest
    }

    /// A file whose content is in memory.
    private init(
        _ kind: Kind,
        _ path: String,
        keys: Tensor,
        values: Tensor,
        of encoder: EmbedderProvenance
    ) {
        (self.kind, self.path, self.keys, self.values) = (kind, path, keys, values)
        encoderDigest = encoder.digest
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
        let path = "\(folder)/\(name(kind, keys, values, encoder.digest))"
        try writer.write(to: path)
        let shard: EmbeddingShard
        do { shard = try EmbeddingShard(kind, path, of: encoder) } catch InputFileError.missing {
            // Another process merged it already; its rows are safe, and stay in memory here.
            shard = EmbeddingShard(kind, path, keys: keys, values: values, of: encoder)
        }
        shard.isVerified = true
        return shard
    }

    /// Reads the whole content once and compares it with the name.
    /// - Throws: `Damage` if they disagree.
    func verify() throws(Damage) {
        guard !isVerified else { return }
        let name = Self.name(kind, keys, values, encoderDigest)
        guard URL(fileURLWithPath: path).lastPathComponent == name else {
            throw Damage(reason: "\(path): its content is not what its name says")
        }
        isVerified = true
    }

    /// The key of each row.
    var keyDigests: [PixelDigest] { Self.digests(keys) }

    /// What each row of a `files-…` file stands for.
    var pixelDigests: [PixelDigest] { Self.digests(values) }

    /// A row of a `vectors-…` file.
    func vector(_ row: Int) -> [Float] { values.row(row) }

    private static func digests(_ rows: Tensor) -> [PixelDigest] {
        let bytes = rows.bytes()
        return stride(from: 0, to: bytes.count, by: 32).map { PixelDigest(bytes[$0..<$0 + 32]) }
    }

    private static func name(
        _ kind: Kind,
        _ keys: Tensor,
        _ values: Tensor,
        _ encoderDigest: String
    ) -> String {
        var hasher = SHA256Hasher()
        hasher.update(encoderDigest)
        keys.withBytes { hasher.update($0) }
        values.withBytes { hasher.update($0) }
        return kind.prefix + hasher.finalize().hex + suffix
    }
}
