/// What a request will take of an engine, known from its tokens before anything is computed.
public struct RequestShape: Sendable, Hashable {
    /// Tokens of the prompt.
    public var promptTokens: Int
    /// Pictures in the prompt.
    public var pictures: Int
    /// New tokens of each beam, at most.
    public var newTokens: Int
    /// Beams; 1 for greedy generation and for candidates.
    public var beams: Int
    /// Tokens of each candidate behind the prompt.
    public var candidateTokens: [Int]
    /// True if logits of every prompt token are wanted.
    public var wantsPromptLogprobs: Bool

    /// Creates a shape.
    public init(
        promptTokens: Int,
        pictures: Int = 0,
        newTokens: Int = 0,
        beams: Int = 1,
        candidateTokens: [Int] = [],
        wantsPromptLogprobs: Bool = false
    ) {
        self.promptTokens = promptTokens
        self.pictures = pictures
        self.newTokens = newTokens
        self.beams = beams
        self.candidateTokens = candidateTokens
        self.wantsPromptLogprobs = wantsPromptLogprobs
    }

    /// Positions that the scheduler sets aside for it, see `PreparedRequest.positionCount(chunk:)`.
    func positionCount(chunk: Int) -> Int {
        promptTokens + beams * newTokens + min(candidateTokens.reduce(0, +), chunk)
    }

    /// Rows of logits, the prompt's included.
    var logitRows: Int {
        let prompt = wantsPromptLogprobs ? promptTokens : 1
        return prompt + beams * max(0, newTokens - 1)
            + candidateTokens.reduce(0) { $0 + max(0, $1 - 1) }
    }
}
