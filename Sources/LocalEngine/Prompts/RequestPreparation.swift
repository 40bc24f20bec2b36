import EvalCore
import Tensors

/// Does everything about a request that needs no weights: ids, checks, pictures to pixels.
///
/// Runs on background threads, several requests at once.
struct RequestPreparation: Sendable {
    let encoder: IdeficsPromptEncoder
    let pictures: PictureLoader
    /// Stop tokens of a generation that names none.
    let defaultStopTokens: [Int32]
    /// V + A.
    let logitCount: Int
    let profile: StageProfile?

    /// - Returns: the request with its pictures pinned, or why it cannot be computed.
    func prepare(_ request: EngineRequest) -> Result<PreparedRequest, SampleFailure> {
        Result { () throws(SampleFailure) in try prepared(request) }
    }

    private func prepared(_ request: EngineRequest) throws(SampleFailure) -> PreparedRequest {
        let generation = try request.generation.map { settings throws(SampleFailure) in
            try plan(settings)
        }
        let prompt = measured(.tokenising) { encoder.encode(request.prompt.segments) }
        let newTokens = request.generation?.maxNewTokens ?? 0
        try check(prompt, newTokens: newTokens)
        let continuations = measured(.tokenising) {
            encoder.plans(for: request.prompt, encodedAs: prompt)
        }
        for (index, plan) in continuations.enumerated() {
            let count = plan.sharedCount + plan.tokens.count
            try check(count, "prompt with continuation \(index)")
        }
        // Pictures come last: nothing above may leave one pinned.
        return PreparedRequest(
            number: request.number,
            prompt: prompt,
            continuations: continuations,
            generation: generation,
            wantsPromptLogprobs: request.wantsPromptLogprobs,
            pixelDigests: try measured(.imageDecoding) { () throws(SampleFailure) in
                try pictures.pin(request.prompt.images)
            }
        )
    }

    private func measured<T, Failure: Error>(
        _ stage: ProfileStage,
        _ body: () throws(Failure) -> T
    ) throws(Failure) -> T {
        guard let profile else { return try body() }
        return try profile.measureBeside(stage, body)
    }

    private func check(_ prompt: EncodedPrompt, newTokens: Int) throws(SampleFailure) {
        guard !prompt.tokens.isEmpty else { throw .promptEmpty }
        let what = newTokens > 0 ? "prompt with \(newTokens) new tokens" : "prompt"
        try check(prompt.tokens.count + newTokens, what)
    }

    private func check(_ count: Int, _ what: String) throws(SampleFailure) {
        let limit = encoder.promptLimit
        guard count <= limit else { throw .promptTooLong(count, what, limit: limit) }
    }
}

// MARK: Generation settings

extension RequestPreparation {
    private func plan(_ settings: GenerationSettings) throws(SampleFailure) -> GenerationPlan {
        guard 1...4096 ~= settings.maxNewTokens else {
            throw .generationInvalid("max_new_tokens is \(settings.maxNewTokens), not in 1…4096")
        }
        guard 1...64 ~= settings.beams else {
            throw .generationInvalid("beams is \(settings.beams), not in 1…64")
        }
        guard settings.lengthPenalty.isFinite else {
            throw .generationInvalid("length_penalty is \(settings.lengthPenalty)")
        }
        guard settings.stop.allSatisfy({ !$0.isEmpty }) else {
            throw .generationInvalid("a stop text is empty; it would match everywhere")
        }
        var stopTokens = Set(defaultStopTokens)
        if let names = settings.stopTokens {
            stopTokens = []
            for name in names { stopTokens.insert(try stopToken(name)) }
        }
        var banned: [[Int32]] = []
        for sequence in settings.badWords { banned.append(try ids(of: sequence)) }
        return GenerationPlan(
            settings: settings,
            stopTokens: stopTokens,
            badWords: BadWords(banned, stopTokens: stopTokens),
            stops: StopMatcher(settings.stop)
        )
    }

    private func stopToken(_ name: TokenName) throws(SampleFailure) -> Int32 {
        switch name {
        case .id(let id):
            guard 0..<logitCount ~= id else {
                throw .stopTokenInvalid("stop token \(id) is not in 0..<\(logitCount)")
            }
            return Int32(id)
        case .text(let text):
            let ids = encoder.encode([.markup(text)]).tokens
            guard ids.count == 1 else {
                throw .stopTokenInvalid(
                    "stop token \"\(text)\" is \(ids.count) tokens \(ids), not one;"
                        + " longer texts belong into \"stop\""
                )
            }
            return ids[0]
        }
    }

    private func ids(of sequence: BannedSequence) throws(SampleFailure) -> [Int32] {
        switch sequence {
        case .ids(let ids):
            guard !ids.isEmpty, ids.allSatisfy({ 0..<logitCount ~= $0 }) else {
                throw .badWordInvalid("bad word \(ids): expected ids in 0..<\(logitCount)")
            }
            return ids.map(Int32.init)
        case .text(let text):
            let ids = encoder.encode([.markup(text)]).tokens
            guard !ids.isEmpty else { throw .badWordInvalid("a bad word is an empty text") }
            return ids
        }
    }
}
