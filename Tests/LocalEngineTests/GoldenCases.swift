import EvalCore
import Foundation
import LocalEngine
import TestSupport
import Testing

/// One reference checkpoint with what transformers made of it.
struct GoldenCheckpoint: Sendable, CustomTestStringConvertible {
    static let names = [
        "a-bf16-sharded", "b-f32-instruct", "c-f32-noresampler", "d-bf16-vector", "e-f16-tied",
        "f-f32-224",
    ]
    static let all = names.map(GoldenCheckpoint.init)

    let name: String
    var testDescription: String { name }
    var folder: String {
        referenceFixtures().appendingPathComponent("checkpoints/\(name)").path
    }
    var tensors: String {
        referenceFixtures().appendingPathComponent("golden/\(name)/tensors.safetensors").path
    }

    func cases() throws -> GoldenCases {
        let file = referenceFixtures().appendingPathComponent("golden/\(name)/cases.json")
        return try JSONDecoder().decode(GoldenCases.self, from: Data(contentsOf: file))
    }

    func engine(
        precision: EnginePrecision = .f32,
        threads: Int = 1,
        _ adjust: (inout LocalEngineOptions) -> Void = { _ in }
    ) throws -> LocalEngine {
        var options = LocalEngineOptions(precision: precision, threads: threads)
        adjust(&options)
        return try LocalEngine(folder, options: options)
    }
}

/// `cases.json` of a reference checkpoint; keys as the file spells them.
struct GoldenCases: Decodable {
    struct Item: Decodable {
        let text: String?
        let image: String?
    }

    struct OldRule: Decodable {
        let new_ids: [Int32]
        let score: Double
    }

    struct Generation: Decodable {
        let eos: [Int]
        let new_ids: [Int32]?
        let text: String?
        let bad_words_ids: [[Int]]?
        let early_stopping: Bool?
        let hf_sequences: [[Int32]]?
        let hf_scores: [Double]?
        let old_length_rule: [OldRule]?
    }

    struct Candidate: Decodable {
        let candidate: String
        let candidate_ids: [Int32]
        let sum_logprob_candidate: Double
    }

    struct Case: Decodable {
        let items: [Item]
        let add_end_of_utterance_token: Bool
        let full_text: String
        let input_ids: [Int32]
        let image_index_per_token: [Int32]
        let logits_argmax: [Int32]
        let generation: [String: Generation]
        let candidates: [Candidate]?

        /// The prompt as the reference's processor builds it from the items.
        var segments: [Segment] {
            var segments: [Segment] = [.markup("<s>")]
            var followsText = false
            for item in items {
                if let image = item.image { segments.append(.image(picture(image))) }
                if let text = item.text {
                    let eou = add_end_of_utterance_token && followsText
                    let stripped = text.trimmingCharacters(in: CharacterSet(charactersIn: " "))
                    segments.append(.markup((eou ? "<end_of_utterance>" : "") + stripped))
                }
                followsText = item.text != nil
            }
            return segments
        }

        func request(
            _ generation: GenerationSettings? = nil,
            candidates: [String] = [],
            logprobs: Bool = false
        ) -> EngineRequest {
            EngineRequest(
                number: 0,
                prompt: Prompt(segments: segments, candidates: candidates.map { [.text($0)] }),
                generation: generation,
                wantsPromptLogprobs: logprobs
            )
        }
    }

    struct Batch: Decodable {
        struct Row: Decodable {
            let `case`: String
        }
        let rows: [Row]
        let greedy_new_ids: [[Int32]]
        let beam3_new_ids: [[Int32]]
    }

    let cases: [String: Case]
    let batch: Batch

    /// The cases in the order of their names.
    var sorted: [(name: String, golden: Case)] {
        cases.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}

/// A picture of the reference data.
func picture(_ name: String) -> ImageReference {
    let path = referenceFixtures().appendingPathComponent("images/\(name)").path
    return ImageReference(id: name, namespace: "reference", path: path)
}

extension Engine {
    /// The answer to one request.
    func answer(_ request: EngineRequest) throws -> EngineAnswer {
        try respond(to: [request])[0].result.get()
    }

    /// The failure of one request.
    func failure(of request: EngineRequest) throws -> SampleFailure? {
        guard case .failure(let failure) = try respond(to: [request])[0].result else { return nil }
        return failure
    }
}
