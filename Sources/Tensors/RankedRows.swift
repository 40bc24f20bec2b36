/// A row of a matrix and its product with a query.
public struct RankedRow: Sendable, Hashable {
    /// Index of the row.
    public let row: Int
    /// Dot product of the row and the query.
    public let product: Float

    package init(row: Int, product: Float) {
        self.row = row
        self.product = product
    }

    /// Whether this row stands before another: larger products first, equal ones by row.
    func precedes(_ other: RankedRow) -> Bool {
        product > other.product || (product == other.product && row < other.row)
    }
}

/// The rows with the largest products out of those seen so far.
///
/// Rows wait unsorted until there are as many again as are wanted: sorting then costs each of them
/// little, whatever order they come in.
package struct RankedRows {
    private let limit: Int
    private let capacity: Int
    private var rows: [RankedRow] = []
    private var leastProduct = -Float.infinity
    /// One past the last row that was offered.
    private var end = 0

    /// Keeps up to `limit` rows.
    package init(limit: Int) {
        self.limit = limit
        capacity = limit + max(limit, 64)
    }

    /// Whether any row is of interest, because fewer have been seen than are wanted.
    package var isOpen: Bool { limit > 0 && leastProduct == -.infinity }

    /// What the product of a row must reach to be of interest.
    /// - Parameter start: the first of the rows that are to be offered next.
    /// - Returns: the least product that counts; infinity if no row is wanted.
    package func bound(from start: Int) -> Float {
        if limit == 0 { return .infinity }
        // A later row does not displace an equal one.
        return start >= end ? leastProduct.nextUp : leastProduct
    }

    /// Takes note that rows before `end` have been offered.
    package mutating func advance(to end: Int) { self.end = max(self.end, end) }

    package mutating func offer(_ row: RankedRow) {
        rows.append(row)
        if rows.count == capacity { shrink() }
    }

    /// Adds what another one kept of other rows.
    package mutating func merge(_ other: RankedRows) { for row in other.rows { offer(row) } }

    /// The rows that are kept, the largest product first.
    package mutating func ranked() -> [RankedRow] {
        shrink()
        return rows
    }

    private mutating func shrink() {
        rows.sort { $0.precedes($1) }
        guard rows.count >= limit, let last = rows.prefix(limit).last else { return }
        rows.removeLast(rows.count - limit)
        leastProduct = last.product
    }
}
