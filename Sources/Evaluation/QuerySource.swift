public import EvalCore
public import Prompting
internal import ShotSelection
public import Tasks

/// A query with all that its prompt is made of.
public struct Query: Sendable {
    /// Position among the run's queries, from 0; the same as in file order.
    public var ordinal: Int
    /// The sample that is asked about.
    public var sample: Sample
    /// What was selected for it.
    public var selection: ShotSelection
    /// The shots, in prompt order.
    public var shots: [Shot]
    /// True if the shots stand without their pictures: the 0-shot rule of open-ended tasks.
    public var shotsAreTextOnly: Bool
    /// The prompts: one, or one for each of its pictures.
    public var prompts: [Prompt]
    /// Names of the candidates that are scored behind each prompt; empty for open-ended tasks.
    public var candidates: [String]

    /// The prompt, or that of the first picture.
    public var prompt: Prompt { prompts[0] }
}

/// Makes the queries of a run: samples, their shots, their prompts.
///
/// What it makes of a query depends on the request alone, never on which other queries are made.
public final class QuerySource {
    /// What is asked for.
    public let request: RunRequest
    /// The split of the queries.
    public let split: DatasetSplit
    /// Writes the prompts.
    public let builder: PromptBuilder
    /// Number of queries.
    public let count: Int
    /// True if shots are chosen by what their pictures look like.
    public let needsRetrieval: Bool
    /// The name of the selection in recipes.
    let selectionName: String
    /// What shots are drawn from; nil if prompts have none.
    public private(set) var pool: SupportPool?
    private let format: PromptFormat
    private let needsContent: Bool
    private var selector: ShotSelector
    private var pictures = PictureFiles()
    private var supportSizes: Set<Int> = []
    /// What retrieval found, by ordinal.
    private var retrieved: [Int: SearchablePool.Outcome] = [:]

    /// Reads the split and draws the support set.
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - reader: reads the request's task from its data root.
    ///   - hasEndOfChunk: whether the tokenizer knows the end-of-chunk token; false without one.
    /// - Throws: `TasksError`, `JSONError`, `InputFileError` for data that cannot be used,
    ///   `EvaluationError`, and `ShotSelectionError` for more shots than the support set has.
    public init(_ request: RunRequest, reader: DatasetReader, hasEndOfChunk: Bool) throws {
        self.request = request
        format = try request.promptFormat
        builder = PromptBuilder(format: format, hasEndOfChunk: hasEndOfChunk)
        split = try reader.split(request.split, seed: request.seed)
        count = min(split.count, request.limit ?? split.count)
        needsRetrieval = try request.comparesPictures
        selectionName = try request.selectionName
        pool = try Self.pool(request, split, reader)
        needsContent = request.shots > 0 && pool != nil
        selector = Self.selector(request, split, pool, needsRetrieval)
        try checkPlan()
    }

    /// Prepares for queries: finds support pictures whose files equal one of theirs.
    ///
    /// Without it only equal picture ids exclude a shot.
    /// - Parameter ordinals: the queries that will be made.
    /// - Throws: `InputFileError` for a picture file that cannot be read; missing ones are no
    ///   matter here.
    public func prepare(_ ordinals: some Sequence<Int>) throws {
        guard needsContent, var pool else { return }
        let supportImages = pool.set.items.indices.flatMap { pool.sample($0).images }
        supportSizes = Set(try supportImages.compactMap { try pictures.size(of: $0.path) })
        var querySizes: Set<Int> = []
        for ordinal in ordinals {
            for image in split.samples.sample(at: ordinal).images {
                if let size = try pictures.size(of: image.path) { querySizes.insert(size) }
            }
        }
        for position in pool.set.items.indices {
            pool.set.items[position].contentDigests = try contentDigests(
                of: pool.sample(position),
                where: querySizes.contains
            )
        }
        self.pool = pool
        selector = Self.selector(request, split, pool, needsRetrieval)
    }

    /// Chooses shots by what their pictures look like; comes after `prepare`.
    /// - Parameters:
    ///   - ordinals: the queries that will be made.
    ///   - retrieval: compares pictures.
    /// - Returns: how many of the queries have a picture that cannot be compared, and the first
    ///   failure; they fail when they are made.
    /// - Throws: `EvaluationError.supportUnreadable`, `EvaluationError.tooManyFailures`;
    ///   `ShotSelectionError`; errors of the embedder; `CancellationError`.
    @discardableResult
    public func retrieve(
        _ ordinals: some Sequence<Int>,
        with retrieval: ShotRetrieval
    ) throws -> (failureCount: Int, first: SampleFailure?) {
        guard needsRetrieval, let pool else { return (0, nil) }
        retrieved = try SearchablePool(pool, retrieval).select(
            request.shots > 0 ? request.shots : 2,
            for: Array(ordinals),
            sample: split.samples.sample(at:),
            contentDigests: { try contentDigests(of: $0, where: supportSizes.contains) }
        )
        var failures = FailureLimit(request.onError, sampleCount: count)
        var (failureCount, first): (Int, SampleFailure?) = (0, nil)
        for ordinal in retrieved.keys.sorted() {
            guard case .failure(let failure)? = retrieved[ordinal] else { continue }
            failureCount += 1
            first = first ?? failure
            try failures.count(failure, of: split.samples.id(at: ordinal))
        }
        return (failureCount, first)
    }

    /// Gives a query the shots that a run has stored for it.
    /// - Parameters:
    ///   - ids: ids of the shots in prompt order.
    ///   - ordinal: the query.
    /// - Returns: false if the support set lacks one of them.
    func recall(_ ids: [String], for ordinal: Int) -> Bool {
        guard let pool else { return ids.isEmpty }
        let indices = ids.compactMap { id in pool.set.items.firstIndex { $0.id == id } }
        retrieved[ordinal] = .success(ShotSelection(indices: indices))
        return indices.count == ids.count
    }

    /// A query.
    /// - Parameter ordinal: its position, 0 ..< `count`.
    /// - Returns: the query with shots and prompt.
    /// - Throws: `ShotSelectionError`; `InputFileError` for a picture of the query that changed;
    ///   `SampleFailure` for one that retrieval could not compare.
    public func query(_ ordinal: Int) throws -> Query {
        let sample = split.samples.sample(at: ordinal)
        let selection = try select(for: sample, at: ordinal)
        let isTextOnly = request.shots == 0 && !selection.indices.isEmpty
        let candidates = candidates(of: sample)
        let shots = selection.shots(
            answered: format.shotAnswer,
            using: KeyedGenerator(seed: request.seed, key: ["shot answer", request.task.name]),
            isTextOnly: isTextOnly
        ) { supportSample($0) }
        return Query(
            ordinal: ordinal,
            sample: sample,
            selection: selection,
            shots: shots,
            shotsAreTextOnly: isTextOnly,
            prompts: builder.prompts(for: sample, shots: shots, candidates: candidates),
            candidates: candidates
        )
    }

    /// Names of the candidates of a query: its own, else those of the task; none for open-ended
    /// tasks.
    func candidates(of sample: Sample) -> [String] {
        guard format.response.candidates != nil else { return [] }
        return sample.candidates.isEmpty ? split.candidates : sample.candidates
    }

    /// Checks that every picture exists which the queries and their shots show.
    /// - Throws: `EvaluationError.missingImages`; `ShotSelectionError`; `InputFileError`.
    public func checkImages() throws {
        var check = ImageCheck()
        let origin = request.task.imageOrigin(of: split.name)
        var named: Set<Int> = []
        for ordinal in 0..<count {
            let sample = split.samples.sample(at: ordinal)
            try check.add(sample, from: origin, pictures: &pictures)
            if needsRetrieval { continue }
            let selection = try select(for: sample, at: ordinal)
            if request.shots > 0 { named.formUnion(selection.indices) }
        }
        // Any member may turn out to look like a query.
        if needsRetrieval, let pool { named = Set(pool.set.items.indices) }
        let supportOrigin = pool.map { request.task.imageOrigin(of: $0.set.slice) } ?? origin
        for position in named.sorted() {
            let sample = supportSample(position)
            try check.add(sample, from: supportOrigin, pictures: &pictures)
        }
        try check.finish()
    }

    /// What the run's identity says of the data.
    var facts: DataFacts {
        DataFacts(
            splitCount: split.count,
            dataDigest: DataDigest.combined([split.digest, pool?.dataDigest ?? ""]),
            supportSize: pool?.set.requestedCount ?? 0,
            supportDigest: pool?.set.digest
        )
    }

    private func select(for sample: Sample, at ordinal: Int) throws -> ShotSelection {
        if let outcome = retrieved[ordinal] { return try outcome.get() }
        precondition(!needsRetrieval, "query \(ordinal) was not retrieved")
        guard request.shots > 0 else {
            return try selector.textOnlyPair(format.zeroShot, for: sample)
        }
        return try selector.select(
            request.shots,
            for: sample,
            contentDigests: try contentDigests(of: sample, where: supportSizes.contains)
        )
    }

    private func contentDigests(
        of sample: Sample,
        where isWanted: (Int) -> Bool
    ) throws -> [String] {
        guard needsContent else { return [] }
        return try sample.images.compactMap { image in
            guard let size = try pictures.size(of: image.path), isWanted(size) else { return nil }
            return try pictures.digest(of: image.path)
        }
    }

    private func supportSample(_ position: Int) -> Sample {
        guard let pool else { preconditionFailure("shot \(position) without a support set") }
        return pool.sample(position)
    }

    private func checkPlan() throws {
        if request.requiresFullSplit, count < split.publishedCount || split.isSubset {
            throw EvaluationError.notFullSplit(
                split: split.name,
                count: count,
                published: split.publishedCount
            )
        }
        let first = split.samples.sample(at: 0)
        if format.response.candidates != nil, candidates(of: first).count < 2 {
            throw EvaluationError.tooFewCandidates(split: split.name)
        }
        if needsRetrieval {
            try selector.check(request.shots > 0 ? request.shots : 2)
        } else {
            _ = try select(for: first, at: 0)  // more shots than the support set has
        }
    }

    private static func pool(
        _ request: RunRequest,
        _ split: DatasetSplit,
        _ reader: DatasetReader
    ) throws -> SupportPool? {
        guard try request.drawsShots else { return nil }
        switch request.selection {
        case .none: return nil
        case .random, .rices:
            return try reader.support(
                for: split,
                size: request.supportSize,
                seed: request.seed,
                bySimilarity: try request.comparesPictures
            )
        case .fixed(let file):
            return try reader.support(for: split, listedIn: file, seed: request.seed)
        }
    }

    private static func selector(
        _ request: RunRequest,
        _ split: DatasetSplit,
        _ pool: SupportPool?,
        _ needsRetrieval: Bool
    ) -> ShotSelector {
        let rule: SelectionRule =
            switch request.selection {
            case .none: .none
            case .random: .random
            case .rices: needsRetrieval ? .rices : .random
            case .fixed: .fixed
            }
        let empty = SupportSet(items: [], requestedCount: 0, slice: "none", digest: "")
        return ShotSelector(
            rule: rule,
            support: pool?.set ?? empty,
            seed: request.seed,
            task: request.task.name,
            split: split.name
        )
    }
}
