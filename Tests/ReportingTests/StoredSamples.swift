import EvalCore

/// Samples of invented runs, kept in memory.
final class StoredSamples: RunReader {
    struct NoRun: Error {}

    private var samples: [String: [SampleRecord]] = [:]

    /// Gives a run samples with one score each, two of a cluster.
    func add(
        _ run: String,
        metric: String = "vqa_accuracy",
        _ scores: [Double?],
        ids: [String]? = nil,
        outputs: [String]? = nil
    ) {
        samples[run] = scores.enumerated().map { index, score in
            var record = SampleRecord(
                ordinal: index,
                id: ids?[index] ?? "s\(index)",
                cluster: "c\(index / 2)"
            )
            record.output = outputs?[index] ?? "answer"
            record.scores = score.map { [Score(metric: metric, version: 1, value: $0)] } ?? []
            return record
        }
    }

    func runs() throws -> [RunSummary] { [] }
    func summary(of name: String) throws -> RunSummary { throw NoRun() }

    func eachSample(of run: String, _ body: (SampleRecord) throws -> Void) throws {
        guard let samples = samples[run] else { throw NoRun() }
        for sample in samples { try body(sample) }
    }

    func sample(_ id: String, of run: String) throws -> SampleRecord? {
        samples[run]?.first { $0.id == id }
    }
}
