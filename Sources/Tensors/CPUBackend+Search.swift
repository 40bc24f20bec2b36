import Synchronization

extension CPUBackend {
    /// The rows of a matrix whose dot products with each query are largest.
    ///
    /// Exact: every product is computed in f32, in an order of sums that depends on the width
    /// only. Products live in tiles of a core's cache; memory beyond the operands is bounded by
    /// about 48 bytes × (limits + 64) for each query and thread.
    /// - Parameters:
    ///   - matrix: `[N, K]` f32, may lie in a mapped file.
    ///   - queries: `[Q, K]` f32.
    ///   - limits: for each query how many rows are wanted; fewer are found if N is smaller.
    /// - Returns: for each query its rows, the largest product first, equal ones by row.
    /// - Precondition: shapes and dtypes fit, the precision is f32 and no element is NaN.
    /// - Complexity: 2·Q·N·K FLOP.
    public func largestProducts(
        of matrix: Tensor,
        with queries: Tensor,
        limits: [Int]
    ) -> [[RankedRow]] {
        precondition(
            precision == .f32 && matrix.dtype == .f32 && queries.dtype == .f32
                && matrix.columns == queries.columns && limits.count == queries.rows
                && limits.allSatisfy { $0 >= 0 },
            "search of \(matrix.shape) \(matrix.dtype) for \(queries.shape) \(queries.dtype), "
                + "\(limits.count) limits, precision \(precision)"
        )
        let searches = Mutex<[RowSearch]>([])
        pool.forEachRange(matrix.rows, grain: RowSearch.blockRows) { [kernels] block in
            let search =
                searches.withLock { $0.popLast() }
                ?? RowSearch(of: matrix, with: queries, limits: limits, kernels)
            search.visit(block)
            searches.withLock { $0.append(search) }
        }
        return RowSearch.merged(searches.withLock { $0 }, limits: limits)
    }

    /// The Euclidean length of each row, summed in double.
    /// - Parameter x: `[M, K]` f32, may lie in a mapped file.
    /// - Returns: M lengths; NaN or infinite where an element is.
    /// - Precondition: the dtype is f32.
    public func rowLengths(of x: Tensor) -> [Double] {
        let lengths = Mutex(Array(repeating: 0.0, count: x.rows))
        pool.forEachRange(x.rows, grain: RowSearch.blockRows) { block in
            let part = block.map { row in
                x.rowRange(row..<row + 1).withFloats { values in
                    var squares = 0.0
                    for index in values.indices {
                        squares += Double(values[index]) * Double(values[index])
                    }
                    return squares.squareRoot()
                }
            }
            lengths.withLock { $0.replaceSubrange(block, with: part) }
        }
        return lengths.withLock { $0 }
    }
}

/// A thread's share of a search.
///
/// Sendable because one thread has it at a time.
private final class RowSearch: @unchecked Sendable {
    /// Rows that a thread takes at once.
    static let blockRows = 1024
    /// Extents of a tile: its products and its rows of the matrix fit the second-level cache.
    private static let tileQueries = 192
    private static let tileRows = 128

    private let matrix: Tensor
    private let queries: Tensor
    private let kernels: Kernels
    private let products: Tensor
    private var positions: [UInt32]
    private var found: [RankedRows]

    init(of matrix: Tensor, with queries: Tensor, limits: [Int], _ kernels: Kernels) {
        self.matrix = matrix
        self.queries = queries
        self.kernels = kernels
        products = Tensor(unset: [min(queries.rows, Self.tileQueries) * Self.tileRows])
        positions = Array(repeating: 0, count: Self.tileRows)
        found = limits.map(RankedRows.init(limit:))
    }

    static func merged(_ searches: [RowSearch], limits: [Int]) -> [[RankedRow]] {
        limits.indices.map { query in
            var all = RankedRows(limit: limits[query])
            for search in searches { all.merge(search.found[query]) }
            return all.ranked()
        }
    }

    func visit(_ block: Range<Int>) {
        for start in stride(from: block.lowerBound, to: block.upperBound, by: Self.tileRows) {
            let rows = start..<min(start + Self.tileRows, block.upperBound)
            for first in stride(from: 0, to: queries.rows, by: Self.tileQueries) {
                visit(rows, for: first..<min(first + Self.tileQueries, queries.rows))
            }
        }
    }

    private func visit(_ rows: Range<Int>, for asked: Range<Int>) {
        let tile = Tensor(
            storage: products.storage,
            byteOffset: 0,
            shape: [asked.count, rows.count],
            dtype: .f32
        )
        kernels.multiply(
            queries.rowRange(asked),
            matrix.rowRange(rows),
            bias: nil,
            into: tile,
            rows: 0..<asked.count,
            columns: 0..<rows.count
        )
        for (place, query) in asked.enumerated() {
            let bound = found[query].bound(from: rows.lowerBound)
            let count = kernels.positions(in: tile, row: place, atLeast: bound, into: &positions)
            defer { found[query].advance(to: rows.upperBound) }
            guard count > 0 else { continue }
            tile.withFloats { values in
                for position in positions[..<count] {
                    let column = Int(position)
                    found[query].offer(
                        RankedRow(
                            row: rows.lowerBound + column,
                            product: values[place * rows.count + column]
                        )
                    )
                }
            }
        }
    }
}
