import Checkpoints
public import EvalCore
import Foundation
package import Images
import InputFiles
import Models
import Tensors
import Tokenizers

/// How a CLIP checkpoint is computed.
public struct ClipEncoderOptions: Sendable {
    /// How products are computed; `f32` unless speed matters more than the last digits.
    public var precision: EnginePrecision
    /// Worker threads; nil takes all cores.
    public var threads: Int?
    /// Forces a lower kernel set than the CPU has; nil takes the best one.
    public var kernelSet: String?

    /// Creates options.
    public init(
        precision: EnginePrecision = .f32,
        threads: Int? = nil,
        kernelSet: String? = nil
    ) {
        self.precision = precision
        self.threads = threads
        self.kernelSet = kernelSet
    }
}

/// A CLIP checkpoint: pixels and texts to unit vectors of one space.
///
/// Opening checks the folder and reads no weights; they are loaded with the first vector.
public final class ClipEncoder {
    /// What identifies the vectors.
    public let provenance: EmbedderProvenance
    /// What a picture becomes before it is encoded.
    package let transform: ImageTransform

    private let folder: CheckpointFolder
    private let configuration: ClipConfiguration
    private let backend: CPUBackend
    private let progress: (_ done: Int, _ total: Int) -> Void
    private lazy var model = Result { try LocalEngineError.wrap(loadedModel) }

    /// Opens a checkpoint.
    /// - Parameters:
    ///   - path: a `CLIPModel` folder in Hugging Face layout.
    ///   - options: how it is computed.
    ///   - progress: called with blocks loaded and blocks in all.
    /// - Throws: `LocalEngineError`.
    public init(
        _ path: String,
        options: ClipEncoderOptions = ClipEncoderOptions(),
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let opened = try LocalEngineError.wrap {
            let folder = try CheckpointFolder(path, needsTokenizer: false)
            let configuration = try ClipConfiguration(folder.configuration)
            let backend = try CPUBackend(
                precision: options.precision.products,
                threads: options.threads,
                kernelSet: options.kernelSet
            )
            let settings = try ClipProcessorSettings(folder, configuration)
            return (folder, configuration, backend, settings)
        }
        let settings: ClipProcessorSettings
        (folder, configuration, backend, settings) = opened
        transform = settings.transform
        let name = URL(fileURLWithPath: folder.path).standardizedFileURL.lastPathComponent
        let identity = [
            folder.weightsDigest, settings.digest, backend.precision.rawValue, backend.kernelSet,
        ]
        provenance = EmbedderProvenance(
            name: name,
            digest: SHA256Digest(of: identity.joined(separator: " ").utf8).hex,
            width: configuration.projectionWidth
        )
        self.progress = progress
    }

    /// Encodes pictures together; each vector depends on its own picture only.
    /// - Parameter pixels: pixel values `[3, S, S]` made by the checkpoint's transform.
    /// - Returns: `[P]` of length 1 per picture; nil where the model's output has no direction.
    /// - Throws: `LocalEngineError` if the weights cannot be loaded.
    package func encode(_ pixels: [[Float]]) throws -> [[Float]?] {
        guard !pixels.isEmpty else { return [] }
        let vectors = try model.get().embed(pictures: pixels)
        return pixels.indices.map { unitVector(vectors.row($0)) }
    }

    /// Encodes texts.
    /// - Parameter texts: any texts; what is too long is cut as the tokenizer does.
    /// - Returns: `[P]` of length 1 per text.
    /// - Throws: `LocalEngineError` if tokenizer or weights cannot be used, or an output has no
    ///   direction.
    public func encode(texts: [String]) throws -> [[Float]] {
        let tokenizer = try LocalEngineError.wrap { try ClipTokenizer(path: folder.tokenizerPath) }
        let limit = configuration.text.positionCount
        let vocabulary = configuration.text.vocabularySize
        return try texts.map { text in
            let tokens = tokenizer.encode(text, limit: limit)
            guard tokens.allSatisfy({ Int($0) < vocabulary }) else {
                throw LocalEngineError.vocabularyTooSmall(
                    folder.tokenizerPath,
                    tokens: tokenizer.tokenCount,
                    rows: vocabulary
                )
            }
            guard let vector = unitVector(try model.get().embed(texts: [tokens]).row(0)) else {
                let start = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
                throw LocalEngineError.noDirection("text \(start.debugDescription)", folder.path)
            }
            return vector
        }
    }

    private func loadedModel() throws -> ClipModel {
        try ClipModel(folder, backend: backend, progress: progress)
    }

    /// A vector divided by its length; nil if it has none, or one that is not finite.
    private func unitVector(_ vector: [Float]) -> [Float]? {
        let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square.isFinite, square > 0 else { return nil }
        let length = Float(square.squareRoot())
        guard length > 0, length.isFinite else { return nil }
        return vector.map { $0 / length }
    }
}
