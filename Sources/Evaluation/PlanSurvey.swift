public import EvalCore
internal import Prompting
public import Tasks

/// What a run would ask, found without an engine.
public struct PlanSurvey: Sendable {
    /// One prompt as the engine would get it.
    public struct Request: Sendable, Hashable {
        /// Tokens of the prompt.
        public var promptTokens: Int
        /// Tokens of each candidate behind it.
        public var candidateTokens: [Int]
        /// Pictures in it.
        public var pictures: Int
    }

    /// Name of the task.
    public let task: String
    /// Split of the queries.
    public let split: String
    /// Shots per query.
    public let shots: Int
    /// The seed.
    public let seed: UInt64
    /// Queries of the run.
    public let queryCount: Int
    /// Queries of the published split.
    public let publishedCount: Int
    /// Prompts of the run: one for each query, or for each of its pictures.
    public let promptCount: Int
    /// The most candidates behind a prompt; 0 for open-ended tasks.
    public let candidateCount: Int
    /// Files of the distinct pictures of queries and shots, in order of first use.
    public let pictures: [String]
    /// Members of the support set; nil if prompts show no shots.
    public let supportCount: Int?
    /// True if pictures would choose the shots: what is said of prompts is of random ones then.
    public let choosesByPictures: Bool
    /// The prompts that were tokenised, in order: all of them, or evenly spaced ones.
    public let requests: [Request]
    /// How prompts are continued; nil where candidates are scored.
    public let generation: GenerationSettings?
    /// True if log-probabilities of whole prompts are asked for.
    public let wantsPromptLogprobs: Bool
    /// Prompts among `requests` that exceed the limit with what comes behind them.
    public let overlongCount: Int
    /// Pictures that are missing; nil if none is.
    public let missing: EvaluationError?
    /// What the run can tell apart; nil where its headline has no bounded score per sample.
    public let resolution: PlanResolution?

    /// Prompt lengths in tokens, ascending.
    public var lengths: [Int] { requests.map(\.promptTokens).sorted() }
}

extension PlanSurvey {
    /// Tokens of a prompt and of each of its candidates.
    public typealias TokenCounts = (Prompt) -> (prompt: Int, candidates: [Int])

    /// Surveys a run.
    /// - Parameters:
    ///   - request: the run.
    ///   - reader: reads the request's task from its data root.
    ///   - hasEndOfChunk: whether the tokenizer knows the end-of-chunk token.
    ///   - promptLimit: the most tokens of a prompt with what comes behind it.
    ///   - isExhaustive: true to tokenise every prompt; else about a thousand are.
    ///   - tokenCounts: tokenises.
    /// - Throws: as `QuerySource`; missing pictures are no error here.
    public init(
        _ request: RunRequest,
        reader: DatasetReader,
        hasEndOfChunk: Bool,
        promptLimit: Int,
        isExhaustive: Bool,
        tokenCounts: TokenCounts
    ) throws {
        let own = try QuerySource(request, reader: reader, hasEndOfChunk: hasEndOfChunk)
        let source = try Self.withoutRetrieval(own, request, reader, hasEndOfChunk)
        try source.prepare(0..<source.count)
        missing = try Self.missing(own)
        var census = QueryCensus(source, isExhaustive: isExhaustive)
        for ordinal in 0..<source.count {
            try census.add(source.query(ordinal), tokenCounts: tokenCounts)
        }
        task = request.task.name
        split = source.split.name
        shots = request.shots
        seed = request.seed
        queryCount = source.count
        publishedCount = source.split.publishedCount
        promptCount = census.promptCount
        candidateCount = census.candidateCount
        pictures = census.pictures
        supportCount = source.pool?.set.items.count
        choosesByPictures = own.needsRetrieval
        requests = census.requests
        generation = source.builder.generation
        wantsPromptLogprobs = source.builder.likelihood == .wholeMean
        let newTokens = generation?.maxNewTokens ?? 0
        overlongCount = census.requests.count { request in
            request.promptTokens + (request.candidateTokens.max() ?? newTokens) > promptLimit
        }
        resolution =
            source.split.hasLabels
            ? try PlanResolution(request.task, count: source.count) : nil
    }

    /// The source with the shots that random selection would show, where pictures decide: prompts
    /// of other shots are about as long, and comparing pictures needs an encoder.
    private static func withoutRetrieval(
        _ source: QuerySource,
        _ request: RunRequest,
        _ reader: DatasetReader,
        _ hasEndOfChunk: Bool
    ) throws -> QuerySource {
        guard source.needsRetrieval else { return source }
        var request = request
        request.selection = .random
        return try QuerySource(request, reader: reader, hasEndOfChunk: hasEndOfChunk)
    }

    private static func missing(_ source: QuerySource) throws -> EvaluationError? {
        do {
            try source.checkImages()
            return nil
        } catch let error as EvaluationError {
            guard case .missingImages = error else { throw error }
            return error
        }
    }
}

/// Counts what queries show.
private struct QueryCensus {
    private(set) var promptCount = 0
    private(set) var candidateCount = 0
    private(set) var pictures: [String] = []
    private(set) var requests: [PlanSurvey.Request] = []
    private var seen: Set<String> = []
    /// Every so many queries are tokenised.
    private let stride: Int

    /// Candidates that are tokenised altogether before queries are left out.
    private static let candidateLimit = 100_000
    private static let queryLimit = 1000

    init(_ source: QuerySource, isExhaustive: Bool) {
        let candidates = source.candidates(of: source.split.samples.sample(at: 0)).count
        let limit = min(Self.queryLimit, max(20, Self.candidateLimit / max(1, candidates)))
        stride = isExhaustive ? 1 : max(1, (source.count + limit - 1) / limit)
    }

    mutating func add(_ query: Query, tokenCounts: PlanSurvey.TokenCounts) {
        promptCount += query.prompts.count
        candidateCount = max(candidateCount, query.candidates.count)
        for prompt in query.prompts {
            let images = prompt.images
            for image in images where seen.insert(image.path).inserted {
                pictures.append(image.path)
            }
            guard query.ordinal.isMultiple(of: stride) else { continue }
            let counts = tokenCounts(prompt)
            requests.append(
                PlanSurvey.Request(
                    promptTokens: counts.prompt,
                    candidateTokens: counts.candidates,
                    pictures: images.count
                )
            )
        }
    }
}
