import EvalCore
import Foundation
import LocalEngine
import TestSupport
import Testing

/// What cannot be answered fails alone, with a stable code.
struct LocalEngineFailureTests {
    private static let checkpoint = GoldenCheckpoint(name: "a-bf16-sharded")

    private static func request(
        _ segments: [Segment] = [.markup("<s>Answer:")],
        _ generation: GenerationSettings = GenerationSettings(maxNewTokens: 2)
    ) -> EngineRequest {
        EngineRequest(number: 0, prompt: Prompt(segments: segments), generation: generation)
    }

    private static func image(_ path: String) -> EngineRequest {
        request([.image(ImageReference(id: "x", namespace: "x", path: path)), .markup("Answer:")])
    }

    static let failures: [(EngineRequest, String)] = [
        (request([]), "prompt_empty"),
        (request([.markup(""), .text("")]), "prompt_empty"),
        (image("/nonexistent/picture.jpg"), "image_missing"),
        (image("/"), "image_unreadable"),
        (image("/dev/null"), "image_unreadable"),
        (image("a\0b"), "image_unreadable"),
        (image(checkpoint.folder + "/config.json"), "image_unreadable"),
        (request([.markup(String(repeating: "a b ", count: 3000))]), "prompt_too_long"),
        (request([.text("x")], GenerationSettings(maxNewTokens: 4096)), "prompt_too_long"),
        (request([.text("x")], GenerationSettings(maxNewTokens: 0)), "generation_invalid"),
        (request([.text("x")], GenerationSettings(maxNewTokens: .max)), "generation_invalid"),
        (request([.text("x")], GenerationSettings(beams: 0)), "generation_invalid"),
        (request([.text("x")], GenerationSettings(beams: 65)), "generation_invalid"),
        (request([.text("x")], GenerationSettings(lengthPenalty: .nan)), "generation_invalid"),
        (request([.text("x")], GenerationSettings(stop: ["a", ""])), "generation_invalid"),
        (
            request([.text("x")], GenerationSettings(stopTokens: [.text("two words")])),
            "stop_token_invalid"
        ),
        (request([.text("x")], GenerationSettings(stopTokens: [.text("")])), "stop_token_invalid"),
        (request([.text("x")], GenerationSettings(stopTokens: [.id(1002)])), "stop_token_invalid"),
        (request([.text("x")], GenerationSettings(stopTokens: [.id(-1)])), "stop_token_invalid"),
        (request([.text("x")], GenerationSettings(badWords: [.ids([])])), "bad_word_invalid"),
        (
            request([.text("x")], GenerationSettings(badWords: [.ids([5, .max])])),
            "bad_word_invalid"
        ),
        (request([.text("x")], GenerationSettings(badWords: [.text("")])), "bad_word_invalid"),
    ]

    @Test
    func aBadRequestFailsAloneWithItsCode() throws {
        let engine = try Self.checkpoint.engine()
        let good = Self.request([.markup("<s>"), .image(picture("ppal.png")), .markup("Answer:")])
        let expected = try engine.answer(good)
        let mixed = Self.failures.flatMap { [$0.0, good] }
        for (index, response) in try engine.respond(to: mixed).enumerated() {
            switch response.result {
            case .success(let answer):
                #expect(index % 2 == 1 && answer == expected, "request \(index / 2)")
            case .failure(let failure):
                try #require(index % 2 == 0)
                #expect(failure.code == Self.failures[index / 2].1, "\(failure.message)")
                #expect(!failure.message.isEmpty && !failure.message.contains("\n"))
            }
        }
    }

    @Test
    func aContinuationOverTheLimitFailsItsRequest() throws {
        let engine = try Self.checkpoint.engine { $0.maxPromptTokens = 10 }
        var request = Self.request()
        request.generation = nil
        request.prompt.candidates = [[.text(" yes")], [.text(" 1 2 3 4 5 6 7 8 9 10")]]
        #expect(try engine.failure(of: request)?.code == "prompt_too_long")
    }

    @Test
    func thePromptLimitCountsNewTokens() throws {
        let prompt = Self.request([.markup("<s>Answer:")], GenerationSettings(maxNewTokens: 4))
        let tokens = try Self.checkpoint.engine().answer(prompt).prompt.tokens.count
        let exact = try Self.checkpoint.engine { $0.maxPromptTokens = tokens + 4 }
        #expect(try exact.failure(of: prompt) == nil)
        let short = try Self.checkpoint.engine { $0.maxPromptTokens = tokens + 3 }
        #expect(try short.failure(of: prompt)?.code == "prompt_too_long")
    }

    @Test
    func aRequestThatFailsLateReleasesItsPictures() throws {
        // The second picture is missing, so the first must not stay pinned: with no room for
        // unpinned states, it is encoded anew for each request that works.
        let engine = try Self.checkpoint.engine { $0.imageCacheBytes = 0 }
        let broken = Self.request([
            .image(picture("ppal.png")),
            .image(ImageReference(id: "x", namespace: "x", path: "/nonexistent.png")),
        ])
        let good = Self.request([.image(picture("ppal.png"))])
        #expect(try engine.failure(of: broken)?.code == "image_missing")
        _ = try engine.answer(good)
        _ = try engine.answer(good)
        #expect(engine.statistics.imagesEncoded == 2)
    }

    @Test
    func cancellationEndsTheRunAndTheEngineGoesOn() throws {
        let engine = try Self.checkpoint.engine()
        let request = Self.request([.markup("<s>"), .image(picture("ppal.png"))])
        let cancellation = Cancellation()
        var delivered = 0
        #expect(throws: CancellationError.self) {
            try engine.run(
                next: { request },
                deliver: { _ in
                    delivered += 1
                    if delivered == 3 { cancellation.cancel(signal: 2) }
                },
                cancellation: cancellation
            )
        }
        #expect(delivered >= 3 && delivered < 1000)
        #expect(try engine.failure(of: request) == nil)
    }

    @Test
    func errorsOfTheCallerPassThrough() throws {
        struct Stop: Error {}
        let engine = try Self.checkpoint.engine()
        let request = Self.request()
        #expect(throws: Stop.self) {
            try engine.run(
                next: { throw Stop() },
                deliver: { _ in },
                cancellation: Cancellation()
            )
        }
        #expect(throws: Stop.self) {
            try engine.run(
                next: { request },
                deliver: { _ in throw Stop() },
                cancellation: Cancellation()
            )
        }
        #expect(try engine.failure(of: request) == nil)
    }

    @Test
    func noRequestsIsNoWork() throws {
        let engine = try Self.checkpoint.engine()
        #expect(try engine.respond(to: []).isEmpty)
        #expect(engine.statistics.requests == 0)
    }

    @Test
    func aFolderThatIsNoCheckpointIsRefused() throws {
        try withTemporaryDirectory { folder in
            #expect(throws: LocalEngineError.self) { try LocalEngine(folder.path) }
            #expect(throws: LocalEngineError.self) { try LocalEngine(folder.path + "/absent") }
        }
    }

    @Test
    func optionsThatCannotBeAreRefused() throws {
        for adjust: (inout LocalEngineOptions) -> Void in [
            { $0.threads = 0 }, { $0.kernelSet = "abacus" }, { $0.maxPromptTokens = 0 },
            { $0.maxPromptTokens = .max },
        ] {
            let error = #expect(throws: LocalEngineError.self) {
                try Self.checkpoint.engine(adjust)
            }
            #expect(error?.kind == .options)
        }
    }
}
