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
    /// - Throws: as `QuerySource`; `EvaluationError.indexOutOfRange`.
    public init(
        of ordinal: Int,
        in request: RunRequest,
        encoder: (any PromptEncoder)?
    ) throws {
        try self.init(request, encoder: encoder) { source in
            guard (0..<source.count).contains(ordinal) else {
                throw EvaluationError.indexOutOfRange(
                    index: ordinal,
                    count: source.count,
                    split: source.split.name
                )
            }
            return ordinal
        }
    }

    /// Makes the prompt of the query of that id, nil if there is none.
    /// - Parameters:
    ///   - id: the sample's id.
    ///   - request: the run that it would belong to; its limit plays no part.
    /// - Throws: as `QuerySource`.
    public init?(ofSample id: String, in request: RunRequest) throws {
        struct Unknown: Error {}
        do {
            try self.init(request, encoder: nil) { source in
                guard let index = source.split.samples.index(of: id) else { throw Unknown() }
                return index
            }
        } catch is Unknown {
            return nil
        }
    }

    private init(
        _ request: RunRequest,
        encoder: (any PromptEncoder)?,
        choose: (QuerySource) throws -> Int
    ) throws {
        var request = request
        request.limit = nil
        let token = try request.task.promptFormat(
            protocol: request.promptProtocol,
            variant: request.variant
        ).endOfChunk?.token
        let source = try QuerySource(
            request,
            reader: DatasetReader(task: request.task, root: request.dataRoot),
            hasEndOfChunk: token.map { encoder?.hasToken($0) == true } ?? false
        )
        let ordinal = try choose(source)
        try source.prepare(CollectionOfOne(ordinal))
        task = request.task.name
        split = source.split.name
        query = try source.query(ordinal)
        stop = source.builder.stop
        tokens = encoder?.encode(query.prompt.segments).tokens
    }
}
