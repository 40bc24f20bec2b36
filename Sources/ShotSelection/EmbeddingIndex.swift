internal import Tensors

/// A member of an index and how alike it is to a query.
public struct Neighbour: Sendable, Hashable {
    /// Position in the index.
    public let index: Int
    /// Cosine of the angle between the two vectors.
    public let similarity: Float

    /// Creates a neighbour.
    public init(index: Int, similarity: Float) {
        self.index = index
        self.similarity = similarity
    }
}

/// Unit vectors that can be searched for those nearest to a query.
///
/// The search is exact: all products are computed, in f32. Besides the vectors, which may lie in a
/// mapped file, it takes the queries and about 48 bytes × (count + 64) for each query and thread;
/// no product is kept that cannot be among the nearest. Similarities have the same bits whatever
/// the number of threads, of queries beside them and of vectors in the index.
public struct EmbeddingIndex: Sendable {
    /// Name of the tensor that a file of embeddings holds.
    public static let tensorName = "embeddings"

    let vectors: Tensor
    private let backend: CPUBackend

    /// Number of vectors.
    public var count: Int { vectors.shape[0] }
    /// Numbers of a vector.
    public var width: Int { vectors.shape[1] }

    /// Takes vectors that have been checked.
    init(_ vectors: Tensor, _ backend: CPUBackend) {
        self.vectors = vectors
        self.backend = backend
    }

    /// Maps a file of embeddings.
    /// - Parameters:
    ///   - path: a safetensors file with a tensor `embeddings` `[N, P]` f32 of unit vectors.
    ///   - width: the P that is expected.
    ///   - threads: threads of a search; nil takes every processor available to the process.
    /// - Throws: `SafetensorsError`, `InputFileError` for a file that cannot be read;
    ///   `ShotSelectionError` for one that holds something else; `TensorError` for no threads.
    public init(mapping path: String, width: Int, threads: Int? = nil) throws {
        let file = try SafetensorsFile(path)
        let vectors = try file.tensor(Self.tensorName)
        guard vectors.dtype == .f32, vectors.shape.count == 2, vectors.shape[1] == width else {
            throw ShotSelectionError.embeddingShape(
                path: path,
                expectedWidth: width,
                got: "\(vectors.dtype.rawValue) \(vectors.shape)"
            )
        }
        let backend = try CPUBackend(precision: .f32, threads: threads)
        let lengths = backend.rowLengths(of: vectors)
        if let row = lengths.firstIndex(where: { !UnitLength.admits($0) }) {
            throw ShotSelectionError.notUnitVector(of: "\(path), row \(row)", length: lengths[row])
        }
        self.init(vectors, backend)
    }

    /// Finds the vectors that are most alike to queries.
    /// - Parameters:
    ///   - queries: unit vectors of this width.
    ///   - count: how many are wanted for each, ≥ 0; fewer are found if the index has fewer.
    ///   - excluded: for each query the positions that must not be found, distinct, in any order;
    ///     empty if there are none for any.
    /// - Returns: for each query its neighbours, the most alike first, equal ones by position.
    /// - Precondition: widths and counts fit, queries are unit vectors.
    /// - Complexity: 2·Q·N·P FLOP.
    public func nearest(
        _ queries: [[Float]],
        count: Int,
        excluding excluded: [[Int]] = []
    ) -> [[Neighbour]] {
        precondition(
            count >= 0 && (excluded.isEmpty || excluded.count == queries.count),
            "\(count) neighbours of \(queries.count) queries, \(excluded.count) exclusions"
        )
        for (position, query) in queries.enumerated() {
            precondition(
                query.count == width && UnitLength.admits(UnitLength.of(query)),
                "query \(position) of \(query.count) numbers, length \(UnitLength.of(query)), "
                    + "in an index of width \(width)"
            )
        }
        // More than wanted, so that enough are left without the excluded ones.
        let limits = queries.indices.map { query in
            min(count + (excluded.isEmpty ? 0 : excluded[query].count), self.count)
        }
        let ranked = backend.largestProducts(
            of: vectors,
            with: Tensor(queries.flatMap(\.self), shape: [queries.count, width]),
            limits: limits
        )
        return ranked.enumerated().map { query, rows in
            let hidden = excluded.isEmpty ? [] : Set(excluded[query])
            return rows.lazy.filter { !hidden.contains($0.row) }.prefix(count).map {
                Neighbour(index: $0.row, similarity: $0.product)
            }
        }
    }
}
