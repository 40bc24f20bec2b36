public import EvalCore
internal import Prompting
internal import Scoring
public import Tasks

/// What the present metrics say of a run's stored answers.
///
/// Answers are taken as they are stored: candidates by their log-likelihoods, generated ones as
/// they were read out of the output. Neither a model nor a picture is needed.
public struct Rescoring: Sendable {
    /// How a present aggregate stands to the stored one.
    public enum Standing: String, Sendable, Hashable {
        /// The run has no such metric.
        case added
        /// The run has it in an earlier version.
        case newer
        /// The same version gives the same numbers.
        case unchanged
        /// The same version gives other numbers, which must not happen.
        case different
        /// The run has it in a later version than this program.
        case older

        /// True if the store has neither the metric nor this version of it.
        public var isNew: Bool { self == .added || self == .newer }
    }

    /// One metric, now and as it is stored.
    public struct Change: Sendable, Hashable {
        /// The aggregate under the present definition.
        public var present: MetricValue
        /// The latest stored one, nil if there is none.
        public var stored: MetricValue?
        /// How they stand to each other.
        public var standing: Standing
        /// Samples whose stored score of the same version is another one.
        public var differingSamples: Int
    }

    /// The task's metrics, headline first.
    public let changes: [Change]
    /// Scores by ordinal, those of new metrics only.
    public let sampleScores: [Int: [Score]]

    /// Scores a run's stored answers.
    /// - Parameters:
    ///   - run: a run that is done.
    ///   - request: the run, as `RunRequest.init(_:task:dataRoot:)` makes it.
    ///   - reader: has the run's samples.
    /// - Throws: errors of data and store; `EvaluationError.noLabels`;
    ///   `EvaluationError.otherData` if the annotations are not those of the run.
    public init(_ run: RunSummary, _ request: RunRequest, reader: any RunReader) throws {
        let recipe = run.plan.recipe
        let source = try QuerySource(
            request,
            reader: DatasetReader(task: request.task, root: request.dataRoot),
            hasEndOfChunk: recipe.engine.hasEndOfChunk
        )
        guard source.facts.dataDigest == recipe.dataDigest else {
            throw EvaluationError.otherData(run: run.run, dataRoot: request.dataRoot)
        }
        let scoring = try AnswerScoring(
            request.task,
            promptProtocol: request.promptProtocol,
            likelihood: source.builder.likelihood,
            hasLabels: source.split.hasLabels
        )
        guard source.split.hasLabels, !scoring.metrics.isEmpty else {
            throw EvaluationError.noLabels(split: recipe.split)
        }
        var walk = try RescoringWalk(
            scoring,
            stored: run.metrics,
            generator: source.resampling
        )
        try reader.eachSample(of: run.run) { record in
            guard let ordinal = source.split.samples.index(of: record.id) else {
                throw EvaluationError.otherData(run: run.run, dataRoot: request.dataRoot)
            }
            let sample = source.split.samples.sample(at: ordinal)
            let candidates = source.candidates(of: sample)
            try Self.check(record, sample, candidates, of: run.run)
            try walk.add(record, sample, candidates: candidates)
        }
        (changes, sampleScores) = walk.result()
    }

    /// Checks that a stored answer has a score for each candidate.
    private static func check(
        _ record: SampleRecord,
        _ sample: Sample,
        _ candidates: [String],
        of run: String
    ) throws {
        let expected = candidates.count * (sample.target == .pairs ? sample.images.count : 1)
        guard record.failure == nil, record.candidateLogprobs.count != expected else { return }
        throw EvaluationError.otherCandidates(
            run: run,
            sampleID: record.id,
            expected: expected,
            got: record.candidateLogprobs.count
        )
    }

    /// The aggregates that the store does not have, headline first.
    public var newMetrics: [MetricValue] { changes.filter(\.standing.isNew).map(\.present) }
}

/// Scores sample after sample and compares with what is stored.
private struct RescoringWalk {
    private let scoring: AnswerScoring
    private let aggregates: [MetricValue]
    private var scorer: SampleScorer
    private var aggregation: MetricAggregation
    private var differing: [String: Int] = [:]
    private var kept: [Int: [Score]] = [:]
    private var ordinals: [Int] = []
    /// Stored scores of metrics that a sample has only among all others.
    private var storedAmongAll: [[Score]] = []

    init(_ scoring: AnswerScoring, stored: [MetricValue], generator: KeyedGenerator) throws {
        self.scoring = scoring
        aggregates = stored
        scorer = try SampleScorer(metricNames: scoring.metrics.map(\.name))
        aggregation = MetricAggregation(scoring.metrics, generator: generator)
    }

    /// Adds a sample; failed ones are left out, as in the run.
    mutating func add(_ record: SampleRecord, _ sample: Sample, candidates: [String]) throws {
        guard record.failure == nil else { return }
        let item = scoring.item(of: sample, record, candidates)
        let scores = try scorer.scores(of: item)
        try aggregation.add(
            item,
            scores,
            cluster: record.cluster,
            categories: record.categories
        )
        take(scores, ordinal: record.ordinal, stored: record.scores)
        ordinals.append(record.ordinal)
        let own = Set(scores.map(\.metric))
        storedAmongAll.append(record.scores.filter { !own.contains($0.metric) })
    }

    /// Keeps scores of new metrics, compares the others.
    private mutating func take(_ scores: [Score], ordinal: Int, stored: [Score]) {
        for score in scores {
            if standing(score.metric, score.version)?.isNew == true {
                kept[ordinal, default: []].append(score)
            } else if let old = stored.first(where: {
                $0.metric == score.metric && $0.version == score.version
            }), !old.value.agrees(with: score.value) {
                differing[score.metric, default: 0] += 1
            }
        }
    }

    /// How a version of a metric stands to the stored one; nil if it is the same version.
    private func standing(_ metric: String, _ version: Int) -> Rescoring.Standing? {
        guard let stored = aggregates.first(where: { $0.metric == metric }) else { return .added }
        if stored.version == version { return nil }
        return stored.version < version ? .newer : .older
    }

    /// The changes, and the scores of new metrics by ordinal.
    mutating func result() -> ([Rescoring.Change], [Int: [Score]]) {
        let result = aggregation.result()
        for (index, scores) in result.itemScores.enumerated() {
            take(scores, ordinal: ordinals[index], stored: storedAmongAll[index])
        }
        return (result.metrics.map(change), kept)
    }

    private func change(_ present: MetricValue) -> Rescoring.Change {
        let stored = aggregates.first { $0.metric == present.metric }
        let count = differing[present.metric, default: 0]
        let isSame =
            count == 0 && stored?.count == present.count && agree(stored?.value, present.value)
        return Rescoring.Change(
            present: present,
            stored: stored,
            standing: standing(present.metric, present.version)
                ?? (isSame ? .unchanged : .different),
            differingSamples: count
        )
    }

    private func agree(_ a: Double?, _ b: Double?) -> Bool {
        switch (a, b) {
        case (nil, nil): true
        case (let a?, let b?): a.agrees(with: b)
        default: false
        }
    }
}

extension Double {
    /// True up to what another build's mathematical functions may change.
    fileprivate func agrees(with other: Double) -> Bool {
        abs(self - other) <= 1e-9 * max(1, abs(self), abs(other))
    }
}

extension RunRequest {
    /// The request that a stored run answers, for all that needs neither its pictures nor the
    /// file of a fixed selection: its support set is drawn as a random one.
    /// - Parameters:
    ///   - recipe: the run's recipe.
    ///   - task: its task.
    ///   - dataRoot: the folder that holds the datasets.
    public init(_ recipe: RunRecipe, task: TaskDefinition, dataRoot: String) {
        self.init(task: task, dataRoot: dataRoot, shots: recipe.shots)
        split = recipe.split
        limit = recipe.limit
        seed = recipe.seed
        selection =
            switch recipe.selection {
            case "none": .none
            case "rices": .rices
            default: .random
            }
        supportSize = recipe.supportSize > 0 ? recipe.supportSize : nil
        promptProtocol = recipe.promptProtocol
        variant = recipe.variant
    }
}
