import EvalCore
import Evaluation
import TestSupport
import Testing

struct StopTokenTests {
    /// Knows one token per text of `known`, and no other.
    private struct Encoder: PromptEncoder {
        var known: Set<String>
        var promptLimit: Int { 2048 }

        func hasToken(_ text: String) -> Bool { known.contains(text) }

        func encode(_ segments: [Segment]) -> EncodedPrompt {
            let isKnown = segments.allSatisfy {
                if case .markup(let text) = $0 { known.contains(text) } else { false }
            }
            let tokens: [Int32] = isKnown ? [1] : [2, 3]
            return EncodedPrompt(tokens: tokens, imageIndex: tokens.map { _ in -1 })
        }
    }

    @Test func instructNeedsTheEndOfUtterance() throws {
        try Bench.with { bench in
            let request = bench.request { $0.variant = "instruct" }
            #expect {
                try request.checkStopTokens(Encoder(known: ["</s>"]), model: "base-9b")
            } throws: { error in
                "\(error)".contains("base-9b has no token <end_of_utterance>")
                    && "\(error)".contains("m4 instruct")
            }
            let both = Encoder(known: ["</s>", "<end_of_utterance>"])
            try request.checkStopTokens(both, model: "instruct-9b")
        }
    }

    @Test(arguments: ["m4", "openflamingo"])
    func baseNeedsNoMoreThanEveryTokenizerHas(promptProtocol: String) throws {
        try Bench.with { bench in
            let request = bench.request { $0.promptProtocol = promptProtocol }
            try request.checkStopTokens(Encoder(known: ["</s>"]), model: "base-9b")
        }
    }
}
