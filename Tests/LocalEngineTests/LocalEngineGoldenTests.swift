import EvalCore
import LocalEngine
import Tensors
import TestSupport
import Testing

/// Parity with transformers on six small checkpoints, in f32.
struct LocalEngineGoldenTests {
    @Test(arguments: GoldenCheckpoint.all)
    func tokensAndImageIndicesAreTheReferences(checkpoint: GoldenCheckpoint) throws {
        let engine = try checkpoint.engine()
        for (name, golden) in try checkpoint.cases().sorted {
            let prompt = engine.encoder.encode(golden.segments)
            #expect(prompt.tokens == golden.input_ids, "\(name)")
            #expect(prompt.imageIndex == golden.image_index_per_token, "\(name)")
        }
    }

    @Test(arguments: GoldenCheckpoint.all)
    func tokenLogprobsAreTheReferences(checkpoint: GoldenCheckpoint) throws {
        let engine = try checkpoint.engine()
        let cases = try checkpoint.cases().sorted
        let tensors = try SafetensorsFile(checkpoint.tensors)
        let answers = try engine.respond(to: cases.map { $0.golden.request(logprobs: true) })
        for ((name, _), response) in zip(cases, answers) {
            let logprobs = try response.result.get().promptLogprobs
            #expect(logprobs.first == .some(nil), "\(name)")
            let expected = try tensors.tensor("\(name).token_logprobs")
            expectClose(
                logprobs.dropFirst().map { Float($0 ?? .nan) },
                expected.floats(),
                absolute: 1e-3
            )
        }
    }

    @Test(arguments: GoldenCheckpoint.all)
    func greedyGenerationIsTheReferences(checkpoint: GoldenCheckpoint) throws {
        let engine = try checkpoint.engine()
        var checked = 0
        for (name, golden) in try checkpoint.cases().sorted {
            for kind in ["greedy", "greedy_eos", "greedy_bad_words"] {
                guard let expected = golden.generation[kind] else { continue }
                let answer = try engine.answer(golden.request(settings(expected)))
                let generation = try #require(answer.generation)
                #expect(generation.tokens == expected.new_ids, "\(name) \(kind)")
                if let text = expected.text {
                    #expect(generation.text.utf8.elementsEqual(text.utf8), "\(name) \(kind)")
                }
                let endsByToken = expected.eos.contains(Int(generation.tokens.last ?? -1))
                #expect(generation.finish == (endsByToken ? .eos : .length), "\(name) \(kind)")
                checked += 1
            }
        }
        #expect(checked >= 18)
    }

    @Test(arguments: GoldenCheckpoint.all)
    func beamSearchIsTheReferencesUnderBothLengthRules(checkpoint: GoldenCheckpoint) throws {
        let engine = try checkpoint.engine()
        var checked = 0
        for (name, golden) in try checkpoint.cases().sorted {
            for (kind, expected) in golden.generation where kind.hasPrefix("beam3") {
                let best = try #require(expected.hf_sequences?.first)
                let score = try #require(expected.hf_scores?.first)
                let generation = try #require(
                    engine.answer(golden.request(settings(expected, beams: 3))).generation
                )
                #expect(generation.tokens == best, "\(name) \(kind)")
                let mean = generation.logprob / Double(best.count)
                #expect(abs(mean - score) < 1e-3, "\(name) \(kind)")
                checked += 1

                guard let old = expected.old_length_rule?.first else { continue }
                let total = try #require(
                    engine.answer(golden.request(settings(expected, beams: 3, rule: .total)))
                        .generation
                )
                #expect(total.tokens == old.new_ids, "\(name) \(kind) old rule")
                let ended = expected.eos.contains(Int(old.new_ids.last ?? -1)) ? 1 : 0
                let length = golden.input_ids.count + old.new_ids.count - ended
                #expect(abs(total.logprob / Double(length) - old.score) < 1e-3, "\(name) \(kind)")
            }
        }
        #expect(checked >= 24)
    }

    @Test(arguments: GoldenCheckpoint.all)
    func candidateSumsAreTheReferences(checkpoint: GoldenCheckpoint) throws {
        let engine = try checkpoint.engine()
        var checked = 0
        for (name, golden) in try checkpoint.cases().sorted {
            guard let candidates = golden.candidates else { continue }
            let answer = try engine.answer(
                golden.request(candidates: candidates.map(\.candidate))
            )
            #expect(answer.continuations.count == candidates.count)
            for (score, expected) in zip(answer.continuations, candidates) {
                let label = "\(name) \(expected.candidate)"
                #expect(score.tokens == expected.candidate_ids, "\(label)")
                #expect(abs(score.logprob - expected.sum_logprob_candidate) < 1e-3, "\(label)")
                checked += 1
            }
        }
        #expect(checked == 15)
    }

    @Test(arguments: GoldenCheckpoint.all)
    func aBatchOfThreeGeneratesTheReferencesTokens(checkpoint: GoldenCheckpoint) throws {
        let engine = try checkpoint.engine(threads: 2)
        let cases = try checkpoint.cases()
        let rows = try cases.batch.rows.map { try #require(cases.cases[$0.case]) }
        for (beams, expected) in [
            (1, cases.batch.greedy_new_ids), (3, cases.batch.beam3_new_ids),
        ] {
            let settings = GenerationSettings(
                maxNewTokens: 6,
                beams: beams,
                earlyStopping: true,
                stopTokens: [.id(2)]
            )
            let responses = try engine.respond(to: rows.map { $0.request(settings) })
            let tokens = try responses.map { try $0.result.get().generation?.tokens }
            #expect(tokens == expected)
        }
    }

    private func settings(
        _ golden: GoldenCases.Generation,
        beams: Int = 1,
        rule: LengthRule = .generated
    ) -> GenerationSettings {
        GenerationSettings(
            maxNewTokens: 8,
            beams: beams,
            lengthRule: rule,
            earlyStopping: golden.early_stopping ?? false,
            stopTokens: golden.eos.map { .id($0) },
            badWords: (golden.bad_words_ids ?? []).map { .ids($0) }
        )
    }
}
