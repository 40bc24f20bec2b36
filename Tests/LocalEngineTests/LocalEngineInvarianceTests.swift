import EvalCore
import LocalEngine
import TestSupport
import Testing

/// A result never depends on what else the engine does: equal means equal bit for bit.
struct LocalEngineInvarianceTests {
    /// Every case of a checkpoint with everything asked of it at once, and some parts alone.
    private func requests(_ checkpoint: GoldenCheckpoint) throws -> [EngineRequest] {
        let candidates = [" yes", " no", " on the table", " a black and white photo", ""]
        return try checkpoint.cases().sorted.flatMap { _, golden in
            [
                golden.request(
                    GenerationSettings(maxNewTokens: 6, stop: ["e"], badWords: [.text("\n")]),
                    candidates: candidates,
                    logprobs: true
                ),
                golden.request(GenerationSettings(maxNewTokens: 5, beams: 3, lengthPenalty: 0)),
                golden.request(candidates: candidates),
            ]
        }
    }

    private func answers(
        _ engine: LocalEngine,
        _ requests: [EngineRequest]
    ) throws -> [EngineAnswer] {
        try engine.respond(to: requests).map { try $0.result.get() }
    }

    @Test(arguments: GoldenCheckpoint.all, EnginePrecision.allCases)
    func aBatchEqualsItsRequestsAlone(
        checkpoint: GoldenCheckpoint,
        precision: EnginePrecision
    ) throws {
        let requests = try requests(checkpoint)
        let together = try answers(checkpoint.engine(precision: precision), requests)
        let alone = try checkpoint.engine(precision: precision) { $0.liveRequests = 1 }
        for (request, expected) in zip(requests, together) {
            #expect(try alone.answer(request) == expected)
        }
    }

    @Test(arguments: GoldenCheckpoint.all)
    func threadsChangeNothing(checkpoint: GoldenCheckpoint) throws {
        let requests = try requests(checkpoint)
        let one = try answers(checkpoint.engine(threads: 1), requests)
        let two = try answers(checkpoint.engine(threads: 2), requests)
        #expect(one == two)
    }

    @Test(arguments: [1, 7, 64])
    func cutsOfAPassChangeNothing(tokensPerPass: Int) throws {
        let checkpoint = GoldenCheckpoint(name: "b-f32-instruct")
        let requests = try requests(checkpoint)
        let whole = try answers(checkpoint.engine(), requests)
        let cut = try answers(
            checkpoint.engine { $0.tokensPerPass = tokensPerPass },
            requests
        )
        #expect(whole == cut)
    }

    @Test
    func cacheLimitsChangeNothing() throws {
        let checkpoint = GoldenCheckpoint(name: "a-bf16-sharded")
        let requests = try requests(checkpoint)
        let ample = try checkpoint.engine()
        let tight = try checkpoint.engine {
            $0.imageCacheBytes = 0
            $0.keyValueCacheBytes = 0
        }
        #expect(try answers(ample, requests) == answers(tight, requests))
        #expect(tight.statistics.imagesEncoded >= ample.statistics.imagesEncoded)
    }

    @Test(arguments: GoldenCheckpoint.all)
    func bf16DiffersFromF32ButNotMuch(checkpoint: GoldenCheckpoint) throws {
        let requests = try checkpoint.cases().sorted.map { $0.golden.request(logprobs: true) }
        let exact = try answers(checkpoint.engine(), requests).flatMap(\.promptLogprobs)
        let rounded = try answers(checkpoint.engine(precision: .bf16), requests)
            .flatMap(\.promptLogprobs)
        let differences = zip(exact, rounded).compactMap { exact, rounded in
            exact.flatMap { exact in rounded.map { abs($0 - exact) } }
        }
        let largest = try #require(differences.max())
        #expect(largest > 1e-4)
        #expect(largest < 0.35)
    }

    @Test
    func continuationsEqualTheirJointTextScoredAsPrompts() throws {
        // The seam may fall inside a word: what is shared is found by comparing ids.
        let engine = try GoldenCheckpoint(name: "b-f32-instruct").engine()
        let contexts: [[Segment]] = [
            [.markup("<s>"), .image(picture("j420.jpg")), .markup("Question: what is i")],
            [.markup("<s>Answer: "), .text("blu")],
            [.markup("<s>User:"), .image(picture("ppal.png")), .image(picture("prgba.png"))],
        ]
        let continuations: [[Segment]] = [
            [.text("n this image")], [.text("e")], [.text(" ")],
            [.text("</s>"), .markup("</s>"), .text("after")],
            [.markup("<end_of_utterance>\n<image>")],
        ]
        for context in contexts {
            let prompt = Prompt(segments: context, candidates: continuations)
            let answer = try engine.answer(EngineRequest(number: 0, prompt: prompt))
            for (score, continuation) in zip(answer.continuations, continuations) {
                let whole = try engine.answer(
                    EngineRequest(
                        number: 0,
                        prompt: Prompt(segments: context + continuation),
                        wantsPromptLogprobs: true
                    )
                )
                let tokens = whole.prompt.tokens
                #expect(tokens.suffix(score.tokens.count) == score.tokens[...])
                let shared = tokens.count - score.tokens.count
                #expect(tokens[..<shared] == answer.prompt.tokens[..<shared])
                let sum = whole.promptLogprobs[shared...].reduce(0) { $0 + ($1 ?? 0) }
                #expect(score.logprob == sum)
            }
        }
    }
}
