public import EvalCore

/// A query whose picture has been embedded.
public struct RetrievalQuery: Sendable {
    /// The query.
    public let sample: Sample
    /// Digests of its picture files, where known.
    public let contentDigests: [String]
    /// What its picture looks like.
    public let embedding: PictureEmbedding

    /// Creates a query.
    public init(sample: Sample, contentDigests: [String], embedding: PictureEmbedding) {
        self.sample = sample
        self.contentDigests = contentDigests
        self.embedding = embedding
    }
}

/// Chooses the members of a support set whose pictures are most alike to a query's: RICES (Yang
/// and others 2022), as the M4 evaluation does it.
///
/// A pure function of the vectors: neither the order of queries nor how many there are matters.
public struct SimilarShots: Sendable {
    private let support: SupportSet
    private let index: EmbeddingIndex
    private let exclusion: PictureExclusion

    /// Creates a selector.
    /// - Parameters:
    ///   - support: the pool.
    ///   - index: a vector for each member, in the same order.
    ///   - pixelDigests: of each member's picture, in the same order.
    /// - Precondition: the counts agree.
    public init(support: SupportSet, index: EmbeddingIndex, pixelDigests: [PixelDigest]) {
        precondition(
            index.count == support.items.count && pixelDigests.count == support.items.count,
            "\(support.items.count) members, \(index.count) vectors, \(pixelDigests.count) digests"
        )
        self.support = support
        self.index = index
        exclusion = PictureExclusion(support, pixelDigests: pixelDigests)
    }

    /// Chooses the shots of queries.
    ///
    /// Members that show one of the query's pictures are never chosen: by key, by file or by
    /// pixels. Of equally similar members the first in the support set are taken.
    /// - Parameters:
    ///   - count: number of shots, ≥ 0.
    ///   - queries: the queries.
    /// - Returns: for each query positions in prompt order, the most similar last, with their
    ///   similarities, and the number of members left out.
    /// - Throws: `ShotSelectionError` if a query has fewer members than shots to choose from, or a
    ///   vector that cannot be compared.
    public func select(
        _ count: Int,
        for queries: [RetrievalQuery]
    ) throws(ShotSelectionError) -> [ShotSelection] {
        var excluded: [[Int]] = []
        for query in queries { excluded.append(try checkedExclusion(query, count)) }
        let found = index.nearest(
            queries.map(\.embedding.vector),
            count: count,
            excluding: excluded
        )
        return zip(found, excluded).map { neighbours, excluded in
            ShotSelection(
                indices: neighbours.reversed().map(\.index),
                similarities: neighbours.reversed().map { Double($0.similarity) },
                excludedCount: excluded.count
            )
        }
    }

    private func checkedExclusion(
        _ query: RetrievalQuery,
        _ count: Int
    ) throws(ShotSelectionError) -> [Int] {
        let vector = query.embedding.vector
        let name = "query \(query.sample.id)"
        guard vector.count == index.width else {
            throw .embeddingWidth(of: name, expected: index.width, got: vector.count)
        }
        let length = UnitLength.of(vector)
        guard UnitLength.admits(length) else { throw .notUnitVector(of: name, length: length) }
        let excluded = exclusion.positions(
            for: query.sample,
            contentDigests: query.contentDigests,
            pixelDigest: query.embedding.pixelDigest
        )
        try support.check(count, excluded: excluded.count, query: query.sample)
        return Array(excluded)
    }
}
