internal import EvalCore
internal import Scoring
internal import Tasks

/// Turns what an engine answered into a sample's record.
struct AnswerScoring {
    /// The task's metrics, headline first.
    let metrics: [Metric]
    private let extraction: AnswerExtraction
    private var scorer: SampleScorer
    private let hasLabels: Bool

    init(_ task: TaskDefinition, promptProtocol: String, hasLabels: Bool) throws {
        let steps = try task.protocolDefinition(promptProtocol).answerSteps.map {
            try AnswerStep(name: $0.name, texts: $0.texts)
        }
        extraction = AnswerExtraction(steps: steps)
        metrics = try task.scoringMetrics()
        scorer = try SampleScorer(metricNames: metrics.map(\.name))
        self.hasLabels = hasLabels
    }

    /// Completes a record with a generation, its answer and its scores.
    mutating func complete(
        _ record: inout SampleRecord,
        with answer: EngineAnswer,
        for query: Query
    ) throws {
        record.promptTokenCount = answer.prompt.tokens.count
        record.promptSHA256 = PromptDigest.hex(
            text: query.prompt.text,
            pixelDigests: answer.pixelDigests
        )
        guard let generation = answer.generation else {
            preconditionFailure("the engine answered sample \(record.id) without a generation")
        }
        record.output = generation.text
        record.outputTokens = generation.tokens
        record.finish = generation.finish
        record.logprob = generation.logprob
        let text = extraction.answer(in: generation.text)
        record.answer = text
        guard hasLabels else { return }
        record.scores = try scorer.scores(
            of: ScoredItem(sampleID: record.id, target: query.sample.target, answer: text)
        )
    }
}
