import EvalCore

/// Generation settings with every name turned into ids.
struct GenerationPlan: Sendable {
    let settings: GenerationSettings
    /// Tokens that end the generation.
    let stopTokens: Set<Int32>
    let badWords: BadWords
    let stops: StopMatcher
}
