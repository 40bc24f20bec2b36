public import EvalCore
internal import Prompting
internal import Tasks

/// The prompt of one query, as a run would make it.
public struct PromptPreview: Sendable {
    /// Task name.
    public let task: String
    /// Split of the query.
    public let split: String
    /// The query with its shots and prompt.
    public let query: Query
    /// Texts that end the generation.
    public let stop: [String]
    /// Token ids, where a tokenizer is given.
    public let tokens: [Int32]?

    /// Makes the prompt of one query.
    /// - Parameters:
    ///   - ordinal: position of the query in file order, from 0.
    ///   - request: the run that it would belong to; its limit plays no part.
    ///   - encoder: makes the token ids, nil for none. A prompt over its limit is not refused.
    ///   - retrieval: compares pictures, where the request chooses shots that way.
    /// - Throws: as `QuerySource`; `EvaluationError.indexOutOfRange`.
    public init(
        of ordinal: Int,
        in request: RunRequest,
        encoder: (any PromptEncoder)?,
        retrieval: ShotRetrieval? = nil
    ) throws {
        let format = try request.task.promptFormat(
            protocol: request.promptProtocol,
            variant: request.variant
        )
        let source = try Self.source(
            request,
            hasEndOfChunk: format.endOfChunk.map { encoder?.hasToken($0.token) == true } ?? false
        )
        guard (0..<source.count).contains(ordinal) else {
            throw EvaluationError.indexOutOfRange(
                index: ordinal,
                count: source.count,
                split: source.split.name
            )
        }
        try source.prepare(CollectionOfOne(ordinal))
        if let retrieval { try source.retrieve(CollectionOfOne(ordinal), with: retrieval) }
        try self.init(ordinal, in: source, encoder: encoder)
    }

    private init(
        _ ordinal: Int,
        in source: QuerySource,
        encoder: (any PromptEncoder)?
    ) throws {
        query = try source.query(ordinal)
        task = source.request.task.name
        split = source.split.name
        stop = source.builder.stop
        tokens = encoder?.encode(query.prompt.segments).tokens
    }

    private static func source(_ request: RunRequest, hasEndOfChunk: Bool) throws -> QuerySource {
        var request = request
        request.limit = nil
        return try QuerySource(
            request,
            reader: DatasetReader(task: request.task, root: request.dataRoot),
            hasEndOfChunk: hasEndOfChunk
        )
    }
}
