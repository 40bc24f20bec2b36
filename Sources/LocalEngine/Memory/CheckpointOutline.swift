import Checkpoints
public import EvalCore
import Images
import InputFiles
import Models
import Tensors

/// A checkpoint seen without touching its weights: what it is, and what it will take.
///
/// Shards may be missing: configuration, tokenizer and shard index are enough to plan with.
public struct CheckpointOutline: Sendable {
    /// The folder.
    public let path: String
    /// What identifies the numbers of the engine that it becomes.
    public let provenance: EngineProvenance
    /// Makes the token ids of prompts.
    public let encoder: IdeficsPromptEncoder
    /// False if shards that the index names are missing.
    public let hasWeights: Bool
    /// Numbers that the model computes with.
    public let parameterCount: Int
    /// Bytes of the weights on disk, as their headers or else the index state them; nil where
    /// neither does.
    public let storedByteCount: Int?
    /// How the weights are stored, such as `bf16`; nil where nothing says so.
    public let storedType: String?

    let configuration: IdeficsConfiguration
    let size: ModelSize
    let weights: WeightMemory
    private let pictures: PictureReader

    /// Looks at a checkpoint.
    /// - Parameters:
    ///   - path: a folder in Hugging Face layout.
    ///   - options: what the engine may use.
    /// - Throws: `LocalEngineError`.
    public init(_ path: String, options: LocalEngineOptions = LocalEngineOptions()) throws {
        self = try LocalEngineError.wrap {
            let checkpoint = try OpenedCheckpoint(
                path,
                maxPromptTokens: options.maxPromptTokens,
                needsWeights: false
            )
            return Self(
                checkpoint,
                options,
                provenance: checkpoint.provenance(try LocalEngine.backend(options))
            )
        }
    }

    private init(
        _ checkpoint: OpenedCheckpoint,
        _ options: LocalEngineOptions,
        provenance: EngineProvenance
    ) {
        let folder = checkpoint.folder
        path = folder.path
        self.provenance = provenance
        encoder = checkpoint.encoder
        hasWeights = folder.hasWeights
        configuration = checkpoint.configuration
        size = ModelSize(configuration)
        parameterCount = size.parameterCount
        let tensors = folder.weightFiles.flatMap(\.tensors)
        let bytes = tensors.reduce(0) { $0 + $1.range.count }
        storedByteCount = folder.hasWeights ? bytes : folder.statedByteCount
        weights = WeightMemory(size, tensors, stated: folder.statedByteCount, options.precision)
        storedType = weights.storedType
        pictures = PictureReader(
            decoder: ImageDecoder(truncatedImages: options.loadsTruncatedImages ? .load : .error),
            transform: checkpoint.processor.transform
        )
    }

    /// Decodes a picture as the engine would.
    /// - Parameter path: the file.
    /// - Returns: why it cannot be used; nil if it can.
    public func failure(ofPicture path: String) -> SampleFailure? {
        do {
            _ = try pictures.pixelValues(of: try pictures.open(path))
            return nil
        } catch {
            return .picture(error)
        }
    }

    /// What the candidates of a prompt add to it, as tokens.
    /// - Parameter prompt: segments and candidates.
    /// - Returns: the prompt's tokens, and the tokens of each candidate behind those that it shares
    ///   with the prompt.
    public func tokenCounts(of prompt: Prompt) -> (prompt: Int, candidates: [Int]) {
        let encoded = encoder.encode(prompt.segments)
        let plans = encoder.plans(for: prompt, encodedAs: encoded)
        return (encoded.tokens.count, plans.map(\.tokens.count))
    }
}
