import Synchronization

extension CPUBackend {
    /// The rows of a matrix whose dot products with each query are largest.
    ///
    /// Exact: what is found are the largest of the products in f32, whose order of sums depends on
    /// the width only. For many queries, products of 8-bit codes tell first which ones can be among
    /// them. Products live in tiles of a core's cache; memory beyond the operands is bounded by
    /// about 48 bytes × (limits + 64) for each query and thread, and a byte for each element of
    /// the queries.
    /// - Parameters:
    ///   - matrix: `[N, K]` f32, may lie in a mapped file.
    ///   - queries: `[Q, K]` f32.
    ///   - limits: for each query how many rows are wanted; fewer are found if N is smaller.
    /// - Returns: for each query its rows, the largest product first, equal ones by row.
    /// - Precondition: shapes and dtypes fit, the precision is f32 and elements are finite.
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
        let coded = CodedQueries(queries, for: matrix)
        let searches = Mutex<[RowSearch]>([])
        pool.forEachRange(matrix.rows, grain: RowSearch.blockRows) { [kernels] block in
            let search =
                searches.withLock { $0.popLast() }
                ?? RowSearch(of: matrix, with: queries, coded, limits: limits, kernels)
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
