import EvalCore
import Foundation
import Scoring
import TestSupport

/// Rows that a released evaluator produced (tools/reference/vqa_reference.py).
struct VQAOracle: Decodable {
    struct Question: Decodable {
        var answers: [Record]
        var prediction: String
        var expected: [String: Double]
    }

    /// Text as it comes, after the punctuation step, after the word step.
    var texts: [[String]]
    var questions: [Question]
    /// Generated text, answer.
    var clean_ups: [[String]]

    static let loaded = Result { try fixture("vqa_oracle.json", as: VQAOracle.self) }
}

/// A reference answer as annotation files spell it.
struct Record: Decodable {
    var answer: String
    var answer_confidence: String?
    var answer_id: Int?

    var reference: ReferenceAnswer {
        ReferenceAnswer(answer: answer, confidence: answer_confidence, answerID: answer_id)
    }
}

/// The golden rows of the project's reference tables that concern VQA.
struct VQAGolden: Decodable {
    struct Normalisation: Decodable {
        var text: String
        var after_punct: String
        var normalised: String
    }

    struct PeriodCap: Decodable {
        var text: String
        var remaining_periods: Int
    }

    struct Quirk: Decodable {
        var answers: [Record]
        var pred: String
        var dict_eq: Double
        var index: Double
    }

    var vqa_normalise: [Normalisation]
    var vqa_period_cap: PeriodCap
    var vqa_matches_to_accuracy_10: [[Double]]
    var vqa_matches_to_accuracy_5: [[Double]]
    var vqa_dict_equality_quirk: [Quirk]

    static let loaded = Result { try fixture("vqa_golden.json", as: VQAGolden.self) }
}

private func fixture<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
    let file = fixturesDirectory().appendingPathComponent(name)
    return try JSONDecoder().decode(type, from: Data(contentsOf: file))
}

/// The scores of one question by metric name.
func scores(
    _ prediction: String,
    _ references: [ReferenceAnswer],
    metrics: [String] = ["vqa_accuracy", "vqa_accuracy_official", "vqa_accuracy_openflamingo"]
) throws -> [String: Double] {
    var scorer = try SampleScorer(metricNames: metrics)
    let item = ScoredItem(sampleID: "q", target: .answers(references), answer: prediction)
    return try Dictionary(
        uniqueKeysWithValues: scorer.scores(of: item).map { ($0.metric, $0.value) }
    )
}

/// References of the given texts, numbered as the official files do.
func references(_ answers: [String]) -> [ReferenceAnswer] {
    answers.enumerated().map {
        ReferenceAnswer(answer: $0.element, confidence: "yes", answerID: $0.offset + 1)
    }
}

extension String {
    /// The scalars, as strings compare by canonical equivalence.
    var scalarValues: [UInt32] { unicodeScalars.map(\.value) }
}
