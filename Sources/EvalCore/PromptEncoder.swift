/// Makes token ids from prompts, without weights.
///
/// Implementations: the local engine's encoder, a byte-level one in tests.
public protocol PromptEncoder: Sendable {
    /// The ids of a prompt and the picture that each token sees.
    ///
    /// Added tokens are matched in markup only; between two matches markup and text are encoded
    /// as one piece. A picture stands for
    /// `<fake_token_around_image><image><fake_token_around_image>`.
    func encode(_ segments: [Segment]) -> EncodedPrompt

    /// The most tokens that a prompt and its new tokens may have.
    var promptLimit: Int { get }

    /// True if the tokenizer knows the added token `text`.
    func hasToken(_ text: String) -> Bool
}
