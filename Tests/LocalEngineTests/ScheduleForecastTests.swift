import EvalCore
import LocalEngine
import Testing

/// The forecast's passes are those that the engine makes.
struct ScheduleForecastTests {
    private let checkpoint = GoldenCheckpoint(name: "b-f32-instruct")

    /// Requests that generate to their last token: no token ends them.
    private func requests(beams: Int = 1, newTokens: Int = 7) -> [EngineRequest] {
        (0..<9).map { number in
            EngineRequest(
                number: number,
                prompt: Prompt(
                    segments: [
                        .markup("<s>"), .image(picture("j420.jpg")),
                        .text(String(repeating: "word ", count: 3 * number + 1)),
                    ]
                ),
                generation: GenerationSettings(
                    maxNewTokens: newTokens,
                    beams: beams,
                    stopTokens: []
                )
            )
        }
    }

    private func shapes(_ requests: [EngineRequest], _ outline: CheckpointOutline) -> [RequestShape]
    {
        requests.map { request in
            let counts = outline.tokenCounts(of: request.prompt)
            return RequestShape(
                promptTokens: counts.prompt,
                pictures: request.prompt.images.count,
                newTokens: request.generation?.maxNewTokens ?? 0,
                beams: request.generation?.beams ?? 1,
                candidateTokens: counts.candidates,
                wantsPromptLogprobs: request.wantsPromptLogprobs
            )
        }
    }

    private func forecast(
        _ requests: [EngineRequest],
        _ adjust: (inout LocalEngineOptions) -> Void = { _ in }
    ) throws -> ScheduleForecast {
        var options = LocalEngineOptions(precision: .f32, threads: 1)
        adjust(&options)
        let outline = try CheckpointOutline(checkpoint.folder, options: options)
        return ScheduleForecast(
            shapes(requests, outline),
            options,
            bytesPerPosition: outline.bytesPerPosition(.f32)
        )
    }

    @Test(arguments: [512, 40, 5])
    func greedyRowsAreThoseOfTheEngine(tokensPerPass: Int) throws {
        let requests = requests()
        let engine = try checkpoint.engine { $0.tokensPerPass = tokensPerPass }
        for response in try engine.respond(to: requests) {
            let generation = try #require(try response.result.get().generation)
            try #require(generation.tokens.count == 7)
        }
        let forecast = try forecast(requests) { $0.tokensPerPass = tokensPerPass }
        let rows = forecast.passes.reduce(0) { $0 + $1.rows }
        #expect(rows == engine.statistics.forwardedTokens)
    }

    @Test func candidateRowsAreThoseOfTheEngine() throws {
        let requests = (0..<5).map { number in
            EngineRequest(
                number: number,
                prompt: Prompt(
                    segments: [.markup("<s>"), .image(picture("j420.jpg")), .markup("A photo of")],
                    candidates: ["cat", "a dog in the park", "tree"].map { [.markup(" " + $0)] }
                )
            )
        }
        let engine = try checkpoint.engine()
        _ = try engine.respond(to: requests)
        let forecast = try forecast(requests)
        let rows = forecast.passes.reduce(0) { $0 + $1.rows }
        #expect(rows == engine.statistics.forwardedTokens)
        #expect(forecast.passes.contains { $0.logitRows > 5 })
    }

    @Test func aSmallCacheMeansFewerPositionsAndMorePasses() throws {
        let requests = requests()
        let roomy = try forecast(requests)
        let small = try forecast(requests) { $0.keyValueCacheBytes = 1 << 10 }
        #expect(small.peakPositions < roomy.peakPositions)
        #expect(small.passes.count > roomy.passes.count)
        let alone = try forecast(requests) { $0.liveRequests = 1 }
        #expect(alone.passes.count == small.passes.count)
    }

    @Test func noRequestsTakeNoPasses() {
        let forecast = ScheduleForecast([], LocalEngineOptions(), bytesPerPosition: 1)
        #expect(forecast.passes.isEmpty && forecast.peakPositions == 0)
    }

    @Test func aPassHoldsNoMoreRowsThanItsLimit() {
        var options = LocalEngineOptions()
        options.tokensPerPass = 16
        let shapes = [
            RequestShape(promptTokens: 100, newTokens: 3),
            RequestShape(promptTokens: 1, candidateTokens: [1, 40, 2]),
        ]
        let forecast = ScheduleForecast(shapes, options, bytesPerPosition: 1)
        for pass in forecast.passes { #expect((1...16).contains(pass.rows)) }
        let rows = forecast.passes.reduce(0) { $0 + $1.rows }
        #expect(rows == 143)  // prompts 100 and 1, new tokens 2, candidates 0, 39 and 1
    }
}
