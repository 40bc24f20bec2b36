import EvalCore

/// The failures of single requests. Their codes are stable: stores and scripts rely on them.
///
/// | code | meaning |
/// |---|---|
/// | `prompt_empty` | the prompt has no token |
/// | `prompt_too_long` | prompt and new tokens, or prompt and continuation, exceed the limit |
/// | `image_missing` | there is no such picture file |
/// | `image_unreadable` | the picture file cannot be opened or decoded |
/// | `image_too_large` | the file or the picture is larger than the limits |
/// | `generation_invalid` | a generation setting is out of range |
/// | `stop_token_invalid` | a stop token is no single token of the model |
/// | `bad_word_invalid` | a banned sequence is empty or names no token of the model |
/// | `logits_not_finite` | the model's output is not a number: damaged weights |
extension SampleFailure {
    static let promptEmpty = SampleFailure(
        code: "prompt_empty",
        message: "the prompt has no token: it needs text or a picture"
    )

    static func promptTooLong(_ count: Int, _ what: String, limit: Int) -> SampleFailure {
        SampleFailure(
            code: "prompt_too_long",
            message: "\(what): \(count) tokens, the limit is \(limit);"
                + " use fewer shots or a larger --max-prompt-tokens"
        )
    }

    static func generationInvalid(_ message: String) -> SampleFailure {
        SampleFailure(code: "generation_invalid", message: message)
    }

    static func stopTokenInvalid(_ message: String) -> SampleFailure {
        SampleFailure(code: "stop_token_invalid", message: message)
    }

    static func badWordInvalid(_ message: String) -> SampleFailure {
        SampleFailure(code: "bad_word_invalid", message: message)
    }

    static func logitsNotFinite(_ value: Double) -> SampleFailure {
        SampleFailure(
            code: "logits_not_finite",
            message: "the log-sum of the logits is \(value): are the weights damaged?"
        )
    }
}
