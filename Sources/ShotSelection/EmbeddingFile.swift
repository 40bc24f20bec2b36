public import EvalCore
internal import Foundation
internal import Tensors

/// The safetensors files that `embed` writes: `embeddings` `[N, P]` f32, rows of length 1.
///
/// `__metadata__` says whose they are: `format`, `encoder` (the digest) and `encoder_name`.
public enum EmbeddingFile {
    private static let format = "idefics-eval embeddings 1"

    /// Checks, before hours of work, that a file may be written.
    /// - Parameters:
    ///   - path: where embeddings are to go.
    ///   - embedder: what will make them.
    /// - Throws: `EmbeddingFileError` if something else lies there: another kind of file, or
    ///   embeddings of another encoder or width.
    public static func checkReplaceable(
        _ path: String,
        by embedder: EmbedderProvenance
    ) throws(EmbeddingFileError) {
        guard FileManager.default.fileExists(atPath: path) else { return }
        guard let file = try? SafetensorsFile(path), file.metadata["format"] == format else {
            throw .notEmbeddings(path: path)
        }
        let digest = file.metadata["encoder"] ?? ""
        let width = file.entry("embeddings")?.shape.last ?? 0
        guard digest == embedder.digest, width == embedder.width else {
            throw .otherEncoder(
                path: path,
                got:
                    "\(file.metadata["encoder_name"] ?? "?") (\(digest.prefix(16)), width \(width))",
                expected:
                    "\(embedder.name) (\(embedder.digest.prefix(16)), width \(embedder.width))"
            )
        }
    }

    /// Writes embeddings under a temporary name and moves the file in place.
    /// - Parameters:
    ///   - index: the embeddings.
    ///   - embedder: what made them.
    ///   - path: where.
    /// - Throws: `EmbeddingFileError.write`.
    public static func write(
        _ index: EmbeddingIndex,
        by embedder: EmbedderProvenance,
        to path: String
    ) throws(EmbeddingFileError) {
        var writer = SafetensorsWriter(
            metadata: [
                "format": format, "encoder": embedder.digest, "encoder_name": embedder.name,
            ]
        )
        writer.add(index.vectors, as: "embeddings")
        do {
            try writer.write(to: path)
        } catch {
            throw .write("\(error)")
        }
    }
}

/// Why a file of embeddings cannot be written.
public enum EmbeddingFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file of another kind has its name.
    case notEmbeddings(path: String)
    /// Embeddings of another encoder or width have its name.
    case otherEncoder(path: String, got: String, expected: String)
    /// The file system refused.
    case write(String)

    /// One line: what, where, expected and got, what to do next.
    public var description: String {
        switch self {
        case .notEmbeddings(let path):
            "\(path): exists and is no file of embeddings, so it is not replaced; name another "
                + "--output"
        case .otherEncoder(let path, let got, let expected):
            "\(path): holds embeddings by \(got), expected \(expected); delete it or name another "
                + "--output"
        case .write(let reason): reason
        }
    }
}
