/// Why a checkpoint cannot be used: what, where, expected and got, what to do next; one line.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Code: String, Sendable {
        /// There is no folder of that name, or it cannot be listed.
        case noFolder = "no_folder"
        /// A file that every checkpoint has is missing.
        case missingFile = "missing_file"
        /// The folder has weights, but in a form that is not read.
        case unsupportedWeights = "unsupported_weights"
        /// A file cannot be opened or read.
        case unreadableFile = "unreadable_file"
        /// A file is not strict JSON, or a value has the wrong type or range.
        case invalidConfiguration = "invalid_configuration"
        /// The shard index contradicts itself, its folder or its shards.
        case invalidIndex = "invalid_index"
        /// A safetensors file is damaged.
        case invalidWeights = "invalid_weights"
        /// No file holds a tensor that the model needs.
        case missingTensor = "missing_tensor"
        /// Two files hold the same tensor.
        case duplicateTensor = "duplicate_tensor"
        /// A tensor has another shape than the configuration says.
        case wrongShape = "wrong_shape"
        /// A tensor has a dtype that is not computed with.
        case wrongDType = "wrong_dtype"
    }

    /// The kind of fault.
    public let code: Code
    /// The whole message.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

// MARK: - The folder

extension CheckpointError {
    static func noFolder(_ path: String, _ reason: String) -> CheckpointError {
        CheckpointError(
            .noFolder,
            "\(path): \(reason); a checkpoint is a folder in Hugging Face layout"
        )
    }

    static func missingFile(_ path: String, _ remedy: String) -> CheckpointError {
        CheckpointError(.missingFile, "\(path): no such file; \(remedy)")
    }

    static func noWeights(_ folder: String) -> CheckpointError {
        CheckpointError(
            .missingFile,
            "\(folder): no weights: expected model.safetensors, or model.safetensors.index.json"
                + " with its shards; download the checkpoint's safetensors files"
        )
    }

    static func noIndex(_ folder: String, shard: String) -> CheckpointError {
        CheckpointError(
            .missingFile,
            "\(folder): there are shards such as \(shard), but no model.safetensors.index.json"
                + " that says what they hold; download it too"
        )
    }

    static func pickledWeights(_ folder: String, file: String) -> CheckpointError {
        CheckpointError(
            .unsupportedWeights,
            "\(folder): the weights are pickles (\(file)), which are not read because a pickle can"
                + " run code; download the safetensors files, or convert once with transformers:"
                + " save_pretrained(DIR, safe_serialization=True)"
        )
    }

    static func unreadable(_ error: any Error) -> CheckpointError {
        CheckpointError(.unreadableFile, "\(error)")
    }
}

// MARK: - The shard index

extension CheckpointError {
    static func shardName(_ index: String, _ name: String, tensor: String) -> CheckpointError {
        CheckpointError(
            .invalidIndex,
            "\(index): \(tensor) lies in \(name), expected the plain name of a .safetensors file"
                + " in the same folder; take the index from the original checkpoint"
        )
    }

    static func missingShard(_ path: String, index: String) -> CheckpointError {
        CheckpointError(
            .missingFile,
            "\(path): no such file, but \(index) names it; download it again"
        )
    }

    static func notInShard(_ tensor: String, shard: String, index: String) -> CheckpointError {
        CheckpointError(
            .invalidIndex,
            "\(shard): tensor \(tensor) is not in this file, but \(index) says so;"
                + " index and shards are not of one checkpoint, download them again"
        )
    }

    static func duplicateTensor(
        _ tensor: String,
        _ first: String,
        _ second: String
    )
        -> CheckpointError
    {
        CheckpointError(
            .duplicateTensor,
            "\(second): tensor \(tensor) is also in \(first), expected it once;"
                + " the shards are not of one checkpoint, download them again"
        )
    }
}

// MARK: - Tensors

extension CheckpointError {
    static func missingTensor(_ name: String, _ shape: [Int], file: String) -> CheckpointError {
        CheckpointError(
            .missingTensor,
            "\(file): no tensor \(name), expected \(shape); the weights are incomplete or"
                + " config.json describes another model"
        )
    }

    static func wrongShape(
        _ name: String,
        expected: [Int],
        got: [Int],
        file: String
    ) -> CheckpointError {
        CheckpointError(
            .wrongShape,
            "\(file): tensor \(name) has shape \(got), expected \(expected);"
                + " config.json describes another model"
        )
    }

    static func wrongDType(_ name: String, got: String, file: String) -> CheckpointError {
        CheckpointError(
            .wrongDType,
            "\(file): tensor \(name) has dtype \(got), expected BF16, F16 or F32;"
                + " quantised checkpoints are not read, take the original one"
        )
    }
}
