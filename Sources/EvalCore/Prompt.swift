/// A piece of a prompt.
///
/// Markup is written by templates: added tokens such as `<s>` are recognised in it. Text is data
/// of a sample: it is encoded verbatim and never becomes a special token.
public enum Segment: Sendable, Hashable {
    /// Template text.
    case markup(String)
    /// Sample text.
    case text(String)
    /// A picture.
    case image(ImageReference)
}

/// What an engine is given to continue: segments, and the candidates of closed-ended tasks.
public struct Prompt: Sendable, Hashable {
    /// The pieces in order.
    public var segments: [Segment]
    /// Candidate continuations, each appended to the prompt and tokenised jointly with it.
    public var candidates: [[Segment]]

    /// Creates a prompt.
    public init(segments: [Segment], candidates: [[Segment]] = []) {
        self.segments = segments
        self.candidates = candidates
    }

    /// The rendered text: each picture as `<image>`.
    public var text: String { segments.renderedText }

    /// The pictures in order.
    public var images: [ImageReference] {
        segments.compactMap { if case .image(let image) = $0 { image } else { nil } }
    }
}

extension [Segment] {
    /// The segments as one text, each picture as `<image>`.
    public var renderedText: String {
        reduce(into: "") { text, segment in
            switch segment {
            case .markup(let piece), .text(let piece): text += piece
            case .image: text += "<image>"
            }
        }
    }
}

/// A prompt as token ids, made without weights.
public struct EncodedPrompt: Sendable, Hashable {
    /// Token ids, in order.
    public var tokens: [Int32]
    /// For each token the index of the picture it sees, −1 for none.
    public var imageIndex: [Int32]

    /// Creates an encoded prompt.
    public init(tokens: [Int32], imageIndex: [Int32]) {
        self.tokens = tokens
        self.imageIndex = imageIndex
    }
}
