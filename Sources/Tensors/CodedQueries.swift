/// Queries in codes of 8 bits, relative to a centre of the rows that are searched.
///
/// With centre m, query q = m + q' and row x = m + x', the product is m² + m·x' + m·q' + q'·x'.
/// Codes give the last term up to ‖q' - its code‖ ‖x'‖ + ‖code of q'‖ ‖x' - its code‖ (Cauchy and
/// Schwarz). The centre makes x' and q' short where all vectors lean the same way, as those of
/// pictures do; any centre is right.
package struct CodedQueries: Sendable {
    /// Fewer queries or rows are searched before the rows are coded.
    private static let leastQueries = 32
    private static let leastRows = 4096
    /// Rows whose mean is the centre.
    private static let centreRows = 1024

    let kernels: CodeKernels
    let centre: Tensor
    let codes: Tensor
    private let codings: [Coding]
    private let centreLength: Double

    /// Codes queries; nil if this CPU lacks the instruction or it is not worth it.
    package init?(_ queries: Tensor, for matrix: Tensor) {
        guard let kernels = CodeKernels.fast, queries.rows >= Self.leastQueries,
            matrix.rows >= Self.leastRows, (1...CodeKernels.widthLimit).contains(queries.columns)
        else { return nil }
        let centre = Self.mean(of: matrix)
        let codes = Tensor(
            zeros: [queries.rows, 4 * CodeKernels.groups(queries.columns)],
            dtype: .i8
        )
        codings = (0..<queries.rows).map { row in
            kernels.encode(queries, row: row, centre: centre, into: codes, at: row)
        }
        centreLength = centre.floats().reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        self.kernels = kernels
        self.centre = centre
        self.codes = codes
    }

    /// What products of codes must pass so that no product that reaches `bound` is lost.
    package func test(_ query: Int, _ bound: Float, _ tile: CodedTile) -> CodeTest {
        let coding = codings[query]
        let (length, error) = (Double(coding.length), Double(coding.error))
        let doubt = error * tile.length + (length + error) * tile.error
        // Sums in f32 err by at most their length in units of the last place; there are four.
        let magnitude = (centreLength + length) * (centreLength + tile.length)
        let rounding = magnitude * Double(2 * centre.count + 64) * 0x1p-23
        let rest = centreLength * centreLength + Double(coding.centreProduct)
        return CodeTest(
            shift: 128 * coding.sum,
            factor: coding.scale,
            bound: Float(Double(bound) - rest - doubt * 1.0001 - rounding)
        )
    }

    /// The mean of rows from all over the matrix.
    private static func mean(of matrix: Tensor) -> Tensor {
        let count = min(matrix.rows, centreRows)
        var sums = Array(repeating: 0.0, count: matrix.columns)
        for index in 0..<count {
            let values = matrix.row(index * matrix.rows / count)
            for column in sums.indices { sums[column] += Double(values[column]) }
        }
        return Tensor(sums.map { Float($0 / Double(count)) }, shape: [matrix.columns])
    }
}

/// Some rows in codes, and their products with some queries.
///
/// Sendable because one thread has it at a time.
package final class CodedTile: @unchecked Sendable {
    /// The largest length of a row less the centre.
    private(set) var length = 0.0
    /// The largest distance of a row from its code.
    private(set) var error = 0.0
    private let codes: Tensor
    private let panels: Tensor
    private let products: Tensor
    private var scales: [Float] = []
    private var offsets: [Float] = []
    private let panelRows: Int

    /// Makes room for rows and their products with as many queries as are taken at once.
    package init(of matrix: Tensor, rows: Int, for coded: CodedQueries, at queries: Int) {
        panelRows = coded.kernels.panelRows
        let padded = (rows + panelRows - 1) / panelRows * panelRows
        codes = Tensor(zeros: [rows, coded.codes.columns], dtype: .i8)
        panels = Tensor(zeros: [padded, coded.codes.columns], dtype: .u8)
        products = Tensor(unset: [queries * padded], dtype: .i32)
    }

    private var panelCount: Int { (scales.count + panelRows - 1) / panelRows }

    package func encode(_ rows: Range<Int>, of matrix: Tensor, _ coded: CodedQueries) {
        let codings = rows.enumerated().map { place, row in
            defer {
                coded.kernels.pack(codes, row: place, width: matrix.columns, into: panels)
            }
            return coded.kernels.encode(
                matrix,
                row: row,
                centre: coded.centre,
                into: codes,
                at: place
            )
        }
        scales = codings.map(\.scale)
        offsets = codings.map(\.centreProduct)
        length = Double(codings.reduce(0) { max($0, $1.length) })
        error = Double(codings.reduce(0) { max($0, $1.error) })
    }

    package func multiply(_ coded: CodedQueries, _ queries: Range<Int>) {
        coded.kernels.multiply(
            coded.codes,
            rows: queries,
            panels: panels,
            count: panelCount,
            into: products
        )
    }

    /// Places of the rows that pass a test, by the products of the query at a place.
    package func positions(
        _ place: Int,
        _ test: CodeTest,
        _ coded: CodedQueries,
        into positions: inout [UInt32]
    ) -> Int {
        coded.kernels.positions(
            in: products,
            row: place,
            width: panelCount * panelRows,
            test,
            scales: scales,
            offsets: offsets,
            into: &positions
        )
    }
}
