public import EvalCore
internal import Prompting
internal import Tasks

/// Makes the queries of a stored run again, many of them from one reading of its data.
public final class StoredQueries {
    private let source: QuerySource

    /// Reads the run's data.
    /// - Parameters:
    ///   - request: the run; its limit plays no part.
    ///   - hasEndOfChunk: whether the run's tokenizer knew the end-of-chunk token.
    /// - Throws: as `QuerySource`.
    public init(_ request: RunRequest, hasEndOfChunk: Bool) throws {
        var request = request
        request.limit = nil
        source = try QuerySource(
            request,
            reader: DatasetReader(task: request.task, root: request.dataRoot),
            hasEndOfChunk: hasEndOfChunk
        )
    }

    /// Reads the run's data and makes sure that they are its data: other annotations would be shown
    /// as what the run was asked.
    /// - Parameters:
    ///   - run: the run.
    ///   - request: what it asked for.
    /// - Throws: as `QuerySource`; `EvaluationError.otherData`.
    public convenience init(of run: RunSummary, _ request: RunRequest) throws {
        let recipe = run.plan.recipe
        try self.init(request, hasEndOfChunk: recipe.engine.hasEndOfChunk)
        guard source.facts.dataDigest == recipe.dataDigest else {
            throw EvaluationError.otherData(run: run.run, dataRoot: request.dataRoot)
        }
    }

    /// Prepares for samples: finds support pictures whose files equal one of theirs.
    /// - Parameter ids: the samples whose queries will be made.
    /// - Throws: `InputFileError` for a picture file that cannot be read.
    public func prepare(_ ids: [String]) throws {
        try source.prepare(ids.compactMap { source.split.samples.index(of: $0) })
    }

    /// The query of a stored sample; nil if the split has no such sample, or the support set not
    /// its shots.
    /// - Parameter record: what the run kept. Its shots are taken where pictures decided;
    ///   elsewhere they are drawn again. The oldest ones that it dropped are left out.
    /// - Returns: the query with shots and prompts.
    /// - Throws: as `QuerySource.query(_:)`.
    public func query(of record: SampleRecord) throws -> Query? {
        guard let ordinal = source.split.samples.index(of: record.id) else { return nil }
        if source.needsRetrieval {
            guard source.recall(record.shotIDs, for: ordinal) else { return nil }
            return try source.query(ordinal)
        }
        var query = try source.query(ordinal)
        guard record.droppedShotCount > 0 else { return query }
        query.shots.removeFirst(min(record.droppedShotCount, query.shots.count))
        query.prompts = source.builder.prompts(
            for: query.sample,
            shots: query.shots,
            candidates: query.candidates
        )
        return query
    }
}
