public import EvalCore
internal import ShotSelection
internal import Tasks

/// What finds the support pictures that look like a query's: RICES (Yang and others 2022).
public struct ShotRetrieval {
    /// Makes the vectors that are compared.
    public let embedder: any ImageEmbedder
    /// Where vectors lie while they are searched, if they are too many for memory.
    public let folder: String
    /// Ends the work early; what is embedded by then is kept by the embedder.
    public let cancellation: Cancellation

    /// Creates a retrieval.
    public init(embedder: any ImageEmbedder, folder: String, cancellation: Cancellation) {
        self.embedder = embedder
        self.folder = folder
        self.cancellation = cancellation
    }
}

/// A support set whose pictures are embedded, ready to be searched.
struct SearchablePool {
    /// What was found for a query, or why its picture cannot be compared.
    typealias Outcome = Result<ShotSelection, SampleFailure>

    /// Vectors up to this many bytes are searched in memory, more in a mapped file.
    private static let memoryLimit = 256 << 20
    /// Queries that are embedded and searched together.
    private static let blockSize = 2048

    private let retrieval: ShotRetrieval
    private let similar: SimilarShots

    /// Embeds the pictures of a support set.
    /// - Throws: `EvaluationError.supportUnreadable` if one of them cannot be embedded: shots
    ///   chosen from the rest would be other shots; errors of embedder and files.
    init(_ pool: SupportPool, _ retrieval: ShotRetrieval) throws {
        self.retrieval = retrieval
        let count = pool.set.items.count
        let embedder = retrieval.embedder
        var builder = try EmbeddingIndexBuilder(
            count: count,
            width: embedder.provenance.width,
            memoryLimit: Self.memoryLimit,
            folder: retrieval.folder
        )
        var digests: [PixelDigest?] = Array(repeating: nil, count: count)
        var failures = UnreadableSupport()
        let positions = (0..<count).filter { position in
            let hasPicture = !pool.sample(position).images.isEmpty
            if !hasPicture { failures.add(.noPicture, of: pool.set.items[position].id) }
            return hasPicture
        }
        try embedder.embed(
            positions.map { pool.sample($0).images[0].path },
            deliver: { index, result in
                let position = positions[index]
                switch result {
                case .success(let embedding):
                    try builder.set(position, embedding.vector)
                    digests[position] = embedding.pixelDigest
                case .failure(let failure):
                    failures.add(failure, of: pool.set.items[position].id)
                }
            },
            cancellation: retrieval.cancellation
        )
        try failures.check(supportCount: count, slice: pool.set.slice)
        similar = SimilarShots(
            support: pool.set,
            index: try builder.finish(),
            pixelDigests: digests.compactMap(\.self)
        )
    }

    /// Finds the shots of queries.
    /// - Parameters:
    ///   - count: shots per query.
    ///   - queries: ordinals.
    ///   - sample: the query of an ordinal.
    ///   - contentDigests: digests of a query's picture files, where known.
    /// - Returns: an outcome for each query.
    /// - Throws: `ShotSelectionError` if a query has fewer members than shots to choose from;
    ///   errors of the embedder.
    func select(
        _ count: Int,
        for queries: [Int],
        sample: (Int) -> Sample,
        contentDigests: (Sample) throws -> [String]
    ) throws -> [Int: Outcome] {
        var outcomes: [Int: Outcome] = [:]
        for start in stride(from: 0, to: queries.count, by: Self.blockSize) {
            let block = queries[start..<min(start + Self.blockSize, queries.count)]
            let embedded = try embed(block.map { ($0, sample($0)) })
            var found: [(ordinal: Int, query: RetrievalQuery)] = []
            for (ordinal, sample, result) in embedded {
                switch result {
                case .failure(let failure): outcomes[ordinal] = .failure(failure)
                case .success(let embedding):
                    let query = RetrievalQuery(
                        sample: sample,
                        contentDigests: try contentDigests(sample),
                        embedding: embedding
                    )
                    found.append((ordinal, query))
                }
            }
            let selections = try similar.select(count, for: found.map(\.query))
            for (query, selection) in zip(found, selections) {
                outcomes[query.ordinal] = .success(selection)
            }
        }
        return outcomes
    }

    private typealias Embedded = (
        ordinal: Int, sample: Sample, result: Result<PictureEmbedding, SampleFailure>
    )

    private func embed(_ queries: [(ordinal: Int, sample: Sample)]) throws -> [Embedded] {
        var results: [Result<PictureEmbedding, SampleFailure>] = Array(
            repeating: .failure(.noPicture),
            count: queries.count
        )
        let pictured = queries.indices.filter { !queries[$0].sample.images.isEmpty }
        try retrieval.embedder.embed(
            pictured.map { queries[$0].sample.images[0].path },
            deliver: { index, result in results[pictured[index]] = result },
            cancellation: retrieval.cancellation
        )
        return zip(queries, results).map { ($0.ordinal, $0.sample, $1) }
    }
}

/// Support pictures that cannot be embedded.
private struct UnreadableSupport {
    private var count = 0
    private var first: (id: String, failure: SampleFailure)?

    mutating func add(_ failure: SampleFailure, of id: String) {
        count += 1
        first = first ?? (id, failure)
    }

    func check(supportCount: Int, slice: String) throws(EvaluationError) {
        guard let first else { return }
        throw .supportUnreadable(
            count: count,
            total: supportCount,
            slice: slice,
            firstID: first.id,
            firstMessage: first.failure.message
        )
    }
}

extension SampleFailure {
    fileprivate static let noPicture = SampleFailure(
        code: "image_missing",
        message: "the sample has no picture to compare; --selection random needs none"
    )
}
