import EvalCore

/// A request that is ready to be computed: everything that needs no weights is done.
struct PreparedRequest: Sendable {
    let number: Int
    let prompt: EncodedPrompt
    let continuations: [ContinuationPlan]
    let generation: GenerationPlan?
    let wantsPromptLogprobs: Bool
    /// Digest of each picture in prompt order; each is pinned once in the latent cache.
    let pixelDigests: [String]

    /// Positions that its caches hold at most, when up to `chunk` continuation tokens are in
    /// flight.
    func positionCount(chunk: Int) -> Int {
        let settings = generation?.settings
        let generated = settings.map { $0.beams * $0.maxNewTokens } ?? 0
        let continued = continuations.reduce(0) { $0 + $1.tokens.count }
        return prompt.tokens.count + generated + min(continued, chunk)
    }
}
