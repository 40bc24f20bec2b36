/// The samples of a run as a baseline file keeps them: a list per property, which is a third of the
/// size of an object per sample.
///
/// A property that no sample has is left out; one that only some have is null for the others.
struct SampleColumns: Hashable, Codable {
    private var id: [String]
    private var cluster: [String]?
    private var categories: [String: [String?]]?
    private var prompt: [String?]?
    private var output: [String]
    private var answer: [String?]?
    private var scores: [String: [Double?]]?
    private var pairLogprobs: [[Double]?]?
    private var error: [String?]?

    enum CodingKeys: String, CodingKey {
        case id, cluster, categories, prompt, output, answer, scores
        case pairLogprobs = "pair_logprobs"
        case error
    }

    init(_ samples: [ComparedSample]) {
        id = samples.map(\.id)
        // Samples that stand alone are clusters of their own id.
        cluster = samples.contains { $0.cluster != $0.id } ? samples.map(\.cluster) : nil
        categories = Self.table(samples.map(\.categories))
        prompt = Self.list(samples.map(\.promptDigest))
        output = samples.map(\.outputDigest)
        answer = Self.list(samples.map(\.answer))
        scores = Self.table(samples.map(\.scores))
        pairLogprobs = Self.list(samples.map(\.pairLogprobs))
        error = Self.list(samples.map(\.error))
    }

    /// The samples; nil if the lists have different lengths.
    var samples: [ComparedSample]? {
        let lengths = [
            cluster?.count, prompt?.count, output.count, answer?.count, pairLogprobs?.count,
            error?.count,
        ]
        let tables = (categories ?? [:]).values.map(\.count) + (scores ?? [:]).values.map(\.count)
        guard (lengths.compactMap(\.self) + tables).allSatisfy({ $0 == id.count }) else {
            return nil
        }
        return id.indices.map { index in
            ComparedSample(
                id: id[index],
                cluster: cluster?[index] ?? id[index],
                categories: Self.row(index, of: categories),
                promptDigest: prompt?[index],
                outputDigest: output[index],
                answer: answer?[index],
                scores: Self.row(index, of: scores),
                pairLogprobs: pairLogprobs?[index],
                error: error?[index]
            )
        }
    }

    private static func list<Value>(_ values: [Value?]) -> [Value?]? {
        values.contains { $0 != nil } ? values : nil
    }

    private static func table<Value>(_ rows: [[String: Value]]) -> [String: [Value?]]? {
        let names = Set(rows.flatMap(\.keys))
        guard !names.isEmpty else { return nil }
        return Dictionary(uniqueKeysWithValues: names.map { name in (name, rows.map { $0[name] }) })
    }

    private static func row<Value>(_ index: Int, of table: [String: [Value?]]?) -> [String: Value] {
        (table ?? [:]).compactMapValues { $0[index] }
    }
}
