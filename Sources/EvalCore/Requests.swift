/// How a beam's summed log-probability is divided by its length.
public enum LengthRule: String, Sendable, Hashable, Codable {
    /// Divide by generated tokens (transformers 4.36 and later).
    case generated
    /// Divide by prompt and generated tokens (transformers up to 4.35).
    case total
}

/// A token given by id or by a text that is one token.
public enum TokenName: Sendable, Hashable, Codable {
    /// A token id.
    case id(Int)
    /// A text that must encode to one token.
    case text(String)
}

/// A banned token sequence, given by ids or by a text encoded as a markup prompt of its own.
public enum BannedSequence: Sendable, Hashable, Codable {
    /// Token ids.
    case ids([Int])
    /// A text; `"\n"` is [29871, 13] with LLaMA's tokenizer.
    case text(String)
}

/// How an engine continues a prompt (contracts.md section 2 has the defaults).
public struct GenerationSettings: Sendable, Hashable, Codable {
    /// At most this many new tokens, 1…4096.
    public var maxNewTokens: Int
    /// Number of beams, 1…64; 1 is greedy.
    public var beams: Int
    /// Exponent of the length in a beam's score.
    public var lengthPenalty: Double
    /// Which length divides a beam's score.
    public var lengthRule: LengthRule
    /// True to end the search as soon as there are `beams` finished hypotheses.
    public var earlyStopping: Bool
    /// Texts that end the generation; the text is cut before the first match.
    public var stop: [String]
    /// Tokens that end the generation; nil means the checkpoint's own end-of-sequence ids.
    public var stopTokens: [TokenName]?
    /// Token sequences that must not be produced.
    public var badWords: [BannedSequence]

    /// Creates settings; the defaults are those of `infer`.
    public init(
        maxNewTokens: Int = 15,
        beams: Int = 1,
        lengthPenalty: Double = 1,
        lengthRule: LengthRule = .generated,
        earlyStopping: Bool = false,
        stop: [String] = [],
        stopTokens: [TokenName]? = nil,
        badWords: [BannedSequence] = []
    ) {
        self.maxNewTokens = maxNewTokens
        self.beams = beams
        self.lengthPenalty = lengthPenalty
        self.lengthRule = lengthRule
        self.earlyStopping = earlyStopping
        self.stop = stop
        self.stopTokens = stopTokens
        self.badWords = badWords
    }
}

/// One piece of work for an engine: a prompt and what is asked of it.
public struct EngineRequest: Sendable, Hashable {
    /// The caller's number of the request; the response carries it.
    public var number: Int
    /// The prompt; its candidates are scored as continuations.
    public var prompt: Prompt
    /// Asks for a generation.
    public var generation: GenerationSettings?
    /// Asks for the log-probability of every prompt token.
    public var wantsPromptLogprobs: Bool

    /// Creates a request.
    public init(
        number: Int,
        prompt: Prompt,
        generation: GenerationSettings? = nil,
        wantsPromptLogprobs: Bool = false
    ) {
        self.number = number
        self.prompt = prompt
        self.generation = generation
        self.wantsPromptLogprobs = wantsPromptLogprobs
    }
}
