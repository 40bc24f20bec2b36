import Foundation
import TestSupport

/// One list of scores with its area under the ROC curve.
struct ROCRow: Decodable {
    var labels: [Int]
    var scores: [Double]
    var auc: Double
}

/// One question with its normalised gains.
struct GainRow: Decodable {
    var relevance: [Double]
    var scores: [Double]
    var visdial_challenge: Double
    var sklearn_full: Double
}

/// The golden rows of the project's reference tables that concern closed-ended tasks.
struct RankingGolden: Decodable {
    struct Match: Decodable {
        struct Scores: Decodable {
            var c0i0, c0i1, c1i0, c1i1: Double
        }

        struct Verdict: Decodable {
            var text, image, group: Int
        }

        var scores: Scores
        var official: Verdict
        var m4: Verdict
    }

    struct Terms: Decodable {
        struct Row: Decodable {
            var term: String
            var variance: Double
            var means: [String: Double]
        }

        var docs: [String]
        var groups: [String]
        var vocabulary: [String]
        var idf: [String: Double]
        var top: [Row]
    }

    var roc_auc: [ROCRow]
    var ndcg: [GainRow]
    var winoground: [Match]
    var tfidf_bias: Terms

    static let loaded = Result { try rankingFixture("ranking_golden.json", as: Self.self) }
}

/// Random cases of scikit-learn and mpmath (tools/reference/ranking_reference.py).
struct RankingOracle: Decodable {
    struct Candidates: Decodable {
        var log_likelihoods: [Double]
        /// −ln softmax of each candidate.
        var divergence: [Double]
        var entropy: Double
        /// The candidates, best first.
        var order: [Int]
    }

    var roc_auc: [ROCRow]
    var ndcg: [GainRow]
    var candidates: [Candidates]

    static let loaded = Result { try rankingFixture("ranking_oracle.json", as: Self.self) }
}

/// Term tables of scikit-learn, its stop words, and what Python takes for a word character.
struct BiasOracle: Decodable {
    struct Table: Decodable {
        struct Row: Decodable {
            var term: String
            var idf: Double
            /// In the order of `group_names`.
            var means: [Double]
            var variance: Double
        }

        var documents: [String]
        var groups: [String]
        var group_names: [String]
        var terms: [Row]
    }

    var tables: [Table]
    /// First and last code point of each run.
    var word_ranges: [[UInt32]]

    static let loaded = Result { try rankingFixture("bias_oracle.json", as: Self.self) }
}

private func rankingFixture<Value: Decodable>(_ name: String, as: Value.Type) throws -> Value {
    let file = fixturesDirectory().appendingPathComponent(name)
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
}
