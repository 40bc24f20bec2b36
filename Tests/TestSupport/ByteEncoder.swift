public import EvalCore

/// A prompt encoder without a tokenizer: one token per UTF-8 byte, three per picture.
public struct ByteEncoder: PromptEncoder {
    /// Tokens above the bytes' 0…255.
    public static let fakeToken: Int32 = 256
    /// The token in a picture's place.
    public static let imageToken: Int32 = 257

    /// The most tokens that a prompt and its new tokens may have.
    public var promptLimit: Int
    /// Added tokens that the tokenizer claims to know.
    public var knownTokens: Set<String>

    /// Creates an encoder.
    public init(promptLimit: Int = 100_000, knownTokens: Set<String> = ["<s>", "</s>"]) {
        self.promptLimit = promptLimit
        self.knownTokens = knownTokens
    }

    /// One token per byte; a picture is fake, image, fake.
    public func encode(_ segments: [Segment]) -> EncodedPrompt {
        var encoded = EncodedPrompt(tokens: [], imageIndex: [])
        var image: Int32 = -1
        for segment in segments {
            switch segment {
            case .markup(let text), .text(let text):
                encoded.tokens += text.utf8.map { Int32($0) }
                encoded.imageIndex += text.utf8.map { _ in image }
            case .image:
                image += 1
                encoded.tokens += [Self.fakeToken, Self.imageToken, Self.fakeToken]
                encoded.imageIndex += [image, image, image]
            }
        }
        return encoded
    }

    /// True for the tokens given at creation.
    public func hasToken(_ text: String) -> Bool { knownTokens.contains(text) }
}
