import Checkpoints
public import EvalCore
import Foundation
import Models
import Tensors

// What is known of a checkpoint before its weights are read.

extension LocalEngine {
    /// What an engine on this checkpoint would be: equal to the `provenance` of one that is open.
    /// - Parameters:
    ///   - path: a folder in Hugging Face layout.
    ///   - options: what the engine would use.
    /// - Returns: the provenance.
    /// - Throws: `LocalEngineError`.
    public static func provenance(
        _ path: String,
        options: LocalEngineOptions = LocalEngineOptions()
    ) throws -> EngineProvenance {
        do {
            let backend = try CPUBackend(
                precision: options.precision == .f32 ? .f32 : .bf16,
                threads: 1,
                kernelSet: options.kernelSet
            )
            let folder = try CheckpointFolder(path)
            let configuration = try IdeficsConfiguration(folder.configuration)
            let encoder = try IdeficsPromptEncoder(
                folder,
                configuration,
                maxPromptTokens: options.maxPromptTokens
            )
            return EngineProvenance(
                model: URL(fileURLWithPath: folder.path).standardizedFileURL.lastPathComponent,
                weightsDigest: folder.weightsDigest,
                tokenizerDigest: encoder.tokenizerDigest,
                processorDigest: try ProcessorSettings(folder, configuration).digest,
                precision: options.precision.rawValue,
                kernelSet: backend.kernelSet,
                hasEndOfChunk: encoder.hasToken("<|endofchunk|>")
            )
        } catch { throw LocalEngineError.wrapping(error) }
    }

    /// The prompt encoder of a checkpoint.
    /// - Parameter path: a folder in Hugging Face layout.
    /// - Returns: the encoder.
    /// - Throws: `LocalEngineError`.
    public static func encoder(_ path: String) throws -> IdeficsPromptEncoder {
        do {
            return try IdeficsPromptEncoder(CheckpointFolder(path))
        } catch { throw LocalEngineError.wrapping(error) }
    }
}
