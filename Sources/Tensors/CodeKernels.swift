import CKernels

/// The C kernels for vectors in codes of 8 bits, called on tensors.
///
/// Sendable because the table is constant. Callers have checked shapes.
@safe
struct CodeKernels: @unchecked Sendable {
    /// Widths above could overflow a product of codes.
    static let widthLimit = 1 << 16
    private let table: UnsafePointer<ik_code_table>

    /// The kernels of this CPU; nil if it has no instruction for products of bytes.
    static let fast: CodeKernels? = unsafe ik_fast_code_table().map {
        unsafe CodeKernels(table: $0)
    }

    private init(table: UnsafePointer<ik_code_table>) { unsafe self.table = table }

    /// Number of groups that the codes of a vector make.
    static func groups(_ width: Int) -> Int { (width + 3) / 4 }

    /// Codes a row of `x` relative to `centre` into a row of `codes`, which is `[…, 4 groups]`.
    func encode(_ x: Tensor, row: Int, centre: Tensor, into codes: Tensor, at place: Int) -> Coding
    {
        var coding = ik_coding()
        unsafe table.pointee.encode(
            codes.mutableElements(Int8.self) + place * codes.columns,
            &coding,
            x.elements(Float.self) + row * x.columns,
            centre.elements(Float.self),
            x.columns
        )
        return Coding(coding)
    }

    /// Puts the codes of a row into its panel of 16 rows.
    func pack(_ codes: Tensor, row: Int, width: Int, into panels: Tensor) {
        let panel = row / panelRows * Self.groups(width) * panelRows * 4
        unsafe ik_pack_codes(
            panels.mutableElements(UInt8.self) + panel,
            codes.elements(Int8.self) + row * codes.columns,
            row % panelRows,
            width
        )
    }

    /// Products of the codes of some queries with those of all rows of the panels.
    func multiply(_ codes: Tensor, rows: Range<Int>, panels: Tensor, count: Int, into out: Tensor) {
        unsafe table.pointee.multiply(
            out.mutableElements(Int32.self),
            codes.elements(Int8.self) + rows.lowerBound * codes.columns,
            panels.elements(UInt8.self),
            rows.count,
            count,
            codes.columns / 4
        )
    }

    /// Positions in a row of products that may belong to values that reach `bound`.
    func positions(
        in products: Tensor,
        row: Int,
        width: Int,
        _ test: CodeTest,
        scales: [Float],
        offsets: [Float],
        into positions: inout [UInt32]
    ) -> Int {
        precondition(
            positions.count >= scales.count && scales.count == offsets.count
                && scales.count <= width,
            "room for \(positions.count) positions of \(scales.count), \(offsets.count), \(width)"
        )
        return unsafe table.pointee.reaching(
            &positions,
            products.elements(Int32.self) + row * width,
            scales,
            offsets,
            test.shift,
            test.factor,
            test.bound,
            scales.count
        )
    }

    /// Rows of a panel.
    var panelRows: Int { IK_PANEL_ROWS }
}

/// What is known about a coded vector: y, the vector less the centre, is about `scale` × code.
struct Coding: Sendable {
    let scale: Float
    /// Length of y.
    let length: Float
    /// Length of the difference.
    let error: Float
    /// Product of the centre and y.
    let centreProduct: Float
    /// Sum of the codes.
    let sum: Int32

    init(_ coding: ik_coding) {
        scale = coding.scale
        length = coding.length
        error = coding.error
        centreProduct = coding.centre_product
        sum = coding.sum
    }
}

/// Which products of codes matter: those where `factor · scale · (product - shift) + offset` is
/// not below `bound`.
package struct CodeTest: Sendable {
    let shift: Int32
    let factor: Float
    let bound: Float
}
