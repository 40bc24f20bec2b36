import Tensors

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

    /// Turns the errors of lower rooms into this one's; their messages are kept as they are.
    static func wrap<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as LocalEngineError {
            throw error
        } catch {
            let kind: Kind = error is TensorError ? .options : .checkpoint
            throw LocalEngineError(kind: kind, description: "\(error)")
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

    static func cacheFolder(_ path: String, _ reason: String) -> LocalEngineError {
        LocalEngineError(
            kind: .checkpoint,
            description: "\(path): embeddings cannot be kept: \(reason); free the disk or name"
                + " another folder"
        )
    }

    static func notOfCache(_ path: String, got: String, expected: String) -> LocalEngineError {
        LocalEngineError(
            kind: .checkpoint,
            description: "\(path): holds \(got), expected \(expected); move the file away, it was"
                + " not put there by this version of the program"
        )
    }

    static func noDirection(_ what: String, _ path: String) -> LocalEngineError {
        LocalEngineError(
            kind: .checkpoint,
            description:
                "\(path): the vector of \(what) is zero or not finite; are the weights whole?"
        )
    }

    static func promptLimit(_ value: Int, most: Int) -> LocalEngineError {
        LocalEngineError(
            kind: .options,
            description: "--max-prompt-tokens \(value): expected 1…\(most)"
        )
    }
}
