import EvalCore
import Foundation
import LocalEngine
import TestSupport
import Testing

struct BeamSearchTests {
    /// One search of the reference data: log-probabilities tabulated by the last three tokens.
    struct Toy: Decodable {
        struct Hypothesis: Decodable {
            let score: Double
            let ids: [Int32]
        }
        struct Search: Decodable {
            let num_beams: Int
            let early_stopping: Bool
            let length_penalty: Double
            let old_length_rule: Bool
            let hypotheses: [Hypothesis]
        }
        let prompt: [Int32]
        let eos: [Int32]
        let max_new_tokens: Int
        let log_probs_by_last_three_tokens: [String: [Float]]
        let results: [Search]
    }

    private struct Vectors: Decodable { let cases: [Toy] }

    static func toys() throws -> [Toy] {
        let file = fixturesDirectory().appendingPathComponent("beam_toy.json")
        return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file)).cases
    }

    private func hypotheses(of toy: Toy, _ search: Toy.Search) -> [BeamSearch.Hypothesis] {
        var beams = BeamSearch(
            BeamSearch.Settings(
                beams: search.num_beams,
                maxNewTokens: toy.max_new_tokens,
                lengthPenalty: search.length_penalty,
                lengthRule: search.old_length_rule ? .total : .generated,
                earlyStopping: search.early_stopping,
                stopTokens: Set(toy.eos),
                promptCount: toy.prompt.count
            )
        )
        while !beams.isDone {
            beams.advance(
                beams.running.map { beam in
                    let key = (toy.prompt + beam.tokens).suffix(3).map(String.init)
                    return toy.log_probs_by_last_three_tokens[key.joined(separator: " ")] ?? []
                }
            )
        }
        return beams.hypotheses
    }

    @Test
    func equalsTheReferenceUnderBothLengthRules() throws {
        var count = 0
        for toy in try Self.toys() {
            for search in toy.results {
                let found = hypotheses(of: toy, search)
                #expect(found.map(\.tokens) == search.hypotheses.map(\.ids), "\(search)")
                for (mine, theirs) in zip(found, search.hypotheses) {
                    #expect(abs(mine.score - theirs.score) < 1e-6, "\(search)")
                }
                count += 1
            }
        }
        #expect(count == 144)
    }

    @Test
    func tiesGoToTheLowerBeamThenToTheLowerToken() {
        var beams = BeamSearch(settings(beams: 2))
        beams.advance([[-1, -1, -1, -1]])
        #expect(beams.running.map(\.tokens) == [[0], [1]])
        beams.advance([[-2, -1, -1, -2], [-1, -1, -2, -1]])
        #expect(beams.running.map(\.tokens) == [[0, 1], [0, 2]])
        #expect(beams.running.map(\.parent) == [0, 0])
    }

    @Test
    func aVocabularySmallerThanTheBeamsIsSearchedWhole() {
        var beams = BeamSearch(settings(beams: 8))
        beams.advance([[-1, -2, -3]])
        #expect(beams.running.map(\.tokens) == [[0], [1], [2]])
        beams.advance(Array(repeating: [-1, -2, -3], count: 3))
        #expect(beams.running.count == 8)
    }

    @Test(arguments: [LengthRule.generated, .total])
    func rowsWhereEverythingIsBannedStillEnd(rule: LengthRule) {
        var beams = BeamSearch(settings(beams: 3, rule: rule))
        while !beams.isDone {
            beams.advance(beams.running.map { _ in Array(repeating: -.infinity, count: 9) })
        }
        #expect(beams.hypotheses.first?.logprob == -.infinity)
    }

    @Test(arguments: [LengthRule.generated, .total])
    func logprobIsTheSumOfTheChosenTokens(rule: LengthRule) {
        var beams = BeamSearch(settings(beams: 2, rule: rule))
        while !beams.isDone {
            beams.advance(beams.running.map { _ in [-0.5, -3, -1.25, -4] })
        }
        #expect(beams.hypotheses.first?.tokens == [0, 0, 0])
        #expect(beams.hypotheses.first?.logprob == -1.5)
    }

    private func settings(beams: Int, rule: LengthRule = .generated) -> BeamSearch.Settings {
        BeamSearch.Settings(
            beams: beams,
            maxNewTokens: 3,
            lengthPenalty: 1,
            lengthRule: rule,
            earlyStopping: false,
            stopTokens: [],
            promptCount: 1
        )
    }
}
