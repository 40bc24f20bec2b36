import Checkpoints
import InputFiles
import Models
import Tensors
import Tokenizers

/// Why an engine cannot be opened; one line with what, where and what to do.
public struct LocalEngineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Whose fault it is.
    public enum Kind: Sendable {
        /// The checkpoint is missing, damaged, or none that this program computes.
        case checkpoint
        /// An option is out of range or not available on this machine.
        case options
    }

    /// Whose fault it is.
    public let kind: Kind
    /// The message.
    public let description: String

    /// Wraps an error of a lower room; the message is kept as it is.
    static func wrapping(_ error: any Error) -> any Error {
        switch error {
        case is CancellationError: error
        case is LocalEngineError: error
        case is TensorError: LocalEngineError(kind: .options, description: "\(error)")
        default: LocalEngineError(kind: .checkpoint, description: "\(error)")
        }
    }

    static func missingToken(_ token: String, _ path: String) -> LocalEngineError {
        LocalEngineError(
            kind: .checkpoint,
            description: "\(path): no added token \(token); the tokenizer of an IDEFICS"
                + " checkpoint has it"
        )
    }

    static func vocabularyTooSmall(_ path: String, tokens: Int, rows: Int) -> LocalEngineError {
        LocalEngineError(
            kind: .checkpoint,
            description: "\(path): has \(tokens) token ids, but the model has rows for \(rows)"
                + " (vocab_size + additional_vocab_size of config.json); are they of one checkpoint?"
        )
    }

    static func promptLimit(_ value: Int, most: Int) -> LocalEngineError {
        LocalEngineError(
            kind: .options,
            description: "--max-prompt-tokens \(value): expected 1…\(most)"
        )
    }
}
