/// A thread's share of a search for the rows with the largest products.
///
/// Sendable because one thread has it at a time.
final class RowSearch: @unchecked Sendable {
    /// Rows that a thread takes at once.
    static let blockRows = 1024
    /// Extents of a tile: its products and its rows of the matrix fit the second-level cache.
    private static let tileQueries = 192
    private static let tileRows = 128
    /// Of so many products of a tile at most one may need a second look for codes to be worth it.
    private static let leastSelectivity = 16
    /// Tiles that go without codes after one where they were not worth it.
    private static let patience = 8

    private let matrix: Tensor
    private let queries: Tensor
    private let coded: CodedQueries?
    private let kernels: Kernels
    private let products: Tensor
    private var positions: [UInt32]
    private var found: [RankedRows]
    /// The rows at hand in codes, as soon as they are asked for.
    private var tile: CodedTile?
    private var codesAreOf: Range<Int>?
    /// Whether every query has seen as many rows as it wants.
    private var isBounded = false
    private var tilesWithoutCodes = 0

    init(
        of matrix: Tensor,
        with queries: Tensor,
        _ coded: CodedQueries?,
        limits: [Int],
        _ kernels: Kernels
    ) {
        self.matrix = matrix
        self.queries = queries
        self.coded = coded
        self.kernels = kernels
        let tileQueries = min(queries.rows, Self.tileQueries)
        products = Tensor(unset: [tileQueries * Self.tileRows])
        positions = Array(repeating: 0, count: Self.tileRows)
        found = limits.map(RankedRows.init(limit:))
        tile = coded.map {
            CodedTile(of: matrix, rows: Self.tileRows, for: $0, at: tileQueries)
        }
    }

    /// What all threads found together.
    static func merged(_ searches: [RowSearch], limits: [Int]) -> [[RankedRow]] {
        limits.indices.map { query in
            var all = RankedRows(limit: limits[query])
            for search in searches { all.merge(search.found[query]) }
            return all.ranked()
        }
    }

    /// Looks at some rows for all queries.
    func visit(_ block: Range<Int>) {
        for start in stride(from: block.lowerBound, to: block.upperBound, by: Self.tileRows) {
            let rows = start..<min(start + Self.tileRows, block.upperBound)
            for first in stride(from: 0, to: queries.rows, by: Self.tileQueries) {
                let asked = first..<min(first + Self.tileQueries, queries.rows)
                if coded != nil, tilesWithoutCodes == 0, isBounded {
                    visitInCodes(rows, for: asked)
                } else {
                    visit(rows, for: asked)
                    tilesWithoutCodes = max(tilesWithoutCodes - 1, 0)
                }
            }
            for query in found.indices { found[query].advance(to: rows.upperBound) }
            isBounded = isBounded || found.allSatisfy { !$0.isOpen }
        }
    }

    /// Computes all products of a tile.
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

    /// Computes the products of codes of a tile, and the products that they leave open; all
    /// products if those are many.
    private func visitInCodes(_ rows: Range<Int>, for asked: Range<Int>) {
        guard let coded, let tile else { return }
        if codesAreOf != rows {
            tile.encode(rows, of: matrix, coded)
            codesAreOf = rows
        }
        tile.multiply(coded, asked)
        let openCounts = asked.map { query in
            openPositions(of: query, asked, rows, coded, tile)
        }
        let openCount = openCounts.reduce(0, +)
        guard openCount * Self.leastSelectivity <= asked.count * rows.count else {
            tilesWithoutCodes = Self.patience
            return visit(rows, for: asked)
        }
        for (query, openCount) in zip(asked, openCounts) where openCount > 0 {
            let count = openPositions(of: query, asked, rows, coded, tile)
            let bound = found[query].bound(from: rows.lowerBound)
            for position in positions[..<count] {
                let row = rows.lowerBound + Int(position)
                let product = kernels.product(matrix, row: row, queries, row: query)
                if product >= bound { found[query].offer(RankedRow(row: row, product: product)) }
            }
        }
    }

    /// Fills `positions` with the places of rows whose products may reach a query's bound.
    /// - Returns: how many there are.
    private func openPositions(
        of query: Int,
        _ asked: Range<Int>,
        _ rows: Range<Int>,
        _ coded: CodedQueries,
        _ tile: CodedTile
    ) -> Int {
        tile.positions(
            query - asked.lowerBound,
            coded.test(query, found[query].bound(from: rows.lowerBound), tile),
            coded,
            into: &positions
        )
    }
}
