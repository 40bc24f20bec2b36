import EvalCore
import Testing

/// Answers with the prompt's text, last request first.
private final class ReversingEngine: Engine {
    let provenance = EngineProvenance(
        model: "reversing",
        weightsDigest: "",
        tokenizerDigest: "",
        processorDigest: "",
        precision: "f32",
        kernelSet: "none",
        hasEndOfChunk: false
    )
    var statistics = EngineStatistics()

    func run(
        next: () throws -> EngineRequest?,
        deliver: (EngineResponse) throws -> Void,
        cancellation: Cancellation
    ) throws {
        var requests: [EngineRequest] = []
        while let request = try next() { requests.append(request) }
        for request in requests.reversed() {
            guard !cancellation.isCancelled else { throw CancellationError() }
            let failure = SampleFailure(code: "echo", message: request.prompt.text)
            try deliver(EngineResponse(number: request.number, result: .failure(failure)))
        }
    }
}

struct EngineTests {
    @Test func aBatchComesBackInItsOrderWithItsNumbers() throws {
        let requests = [70, 3, 41].map {
            EngineRequest(number: $0, prompt: Prompt(segments: [.text("prompt \($0)")]))
        }
        let responses = try ReversingEngine().respond(to: requests)
        #expect(responses.map(\.number) == [70, 3, 41])
        let texts = responses.map { response in
            if case .failure(let failure) = response.result { failure.message } else { "" }
        }
        #expect(texts == ["prompt 70", "prompt 3", "prompt 41"])
    }

    @Test func anEmptyBatchIsAnEmptyAnswer() throws {
        #expect(try ReversingEngine().respond(to: []).isEmpty)
    }

    @Test func cancellationKeepsItsSignal() {
        let cancellation = Cancellation()
        #expect(!cancellation.isCancelled)
        cancellation.cancel(signal: 15)
        #expect(cancellation.isCancelled)
        #expect(cancellation.signal == 15)
    }
}
