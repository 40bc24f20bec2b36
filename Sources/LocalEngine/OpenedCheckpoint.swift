import Checkpoints
import EvalCore
import Foundation
import Images
import Models
import Tensors
import Tokenizers

/// Everything of a checkpoint that is read and checked before its weights are.
struct OpenedCheckpoint {
    let folder: CheckpointFolder
    let configuration: IdeficsConfiguration
    let encoder: IdeficsPromptEncoder
    let processor: ProcessorSettings
    let endTokens: [Int32]

    /// - Parameters:
    ///   - path: a folder in Hugging Face layout.
    ///   - maxPromptTokens: overrides the checkpoint's limit.
    ///   - needsWeights: false to look at a folder whose shards may be missing.
    /// - Throws: errors of the rooms that read the files.
    init(_ path: String, maxPromptTokens: Int?, needsWeights: Bool = true) throws {
        folder = try CheckpointFolder(path, needsWeights: needsWeights)
        configuration = try IdeficsConfiguration(folder.configuration)
        encoder = try IdeficsPromptEncoder(
            folder,
            configuration,
            maxPromptTokens: maxPromptTokens
        )
        processor = try ProcessorSettings(folder, configuration)
        endTokens = try GenerationDefaults(folder, configuration).endTokens
    }

    func provenance(_ backend: any ComputeBackend) -> EngineProvenance {
        EngineProvenance(
            model: URL(fileURLWithPath: folder.path).standardizedFileURL.lastPathComponent,
            weightsDigest: folder.weightsDigest,
            tokenizerDigest: encoder.tokenizerDigest,
            processorDigest: processor.digest,
            precision: backend.precision.rawValue,
            kernelSet: backend.kernelSet,
            hasEndOfChunk: encoder.hasToken("<|endofchunk|>")
        )
    }

    func preparation(
        _ cache: ImageLatentCache,
        loadsTruncated: Bool,
        profile: StageProfile?
    ) -> RequestPreparation {
        RequestPreparation(
            encoder: encoder,
            pictures: PictureLoader(
                reader: PictureReader(
                    decoder: ImageDecoder(truncatedImages: loadsTruncated ? .load : .error),
                    transform: processor.transform
                ),
                cache: cache
            ),
            defaultStopTokens: endTokens,
            logitCount: configuration.logitCount,
            profile: profile
        )
    }
}
