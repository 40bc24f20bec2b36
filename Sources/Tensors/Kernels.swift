import CKernels

/// The C kernels of one instruction set, called on tensors.
///
/// Sendable because the table is constant. Callers have checked shapes; ranges name the part of
/// the result that a call writes, so that threads can share an operation.
@safe
struct Kernels: @unchecked Sendable {
    let name: String
    private let table: UnsafePointer<ik_table>

    private init(_ table: UnsafePointer<ik_table>) {
        unsafe self.table = table
        name = unsafe String(cString: table.pointee.name)
    }

    /// The fastest that this CPU runs.
    static var best: Kernels { unsafe Kernels(ik_best_table()) }

    /// All that this CPU runs, slowest first.
    static var available: [Kernels] {
        (0..<IK_ISA_COUNT.rawValue).compactMap { isa in
            unsafe ik_table_for(ik_isa(rawValue: isa)).map { unsafe Kernels($0) }
        }
    }

    // MARK: Products

    /// `out[rows, columns] = (x wᵀ + bias)[rows, columns]`; `x` and `weight` both f32 or bf16.
    func multiply(
        _ x: Tensor,
        _ weight: Tensor,
        bias: Tensor?,
        into out: Tensor,
        rows: Range<Int>,
        columns: Range<Int>
    ) {
        let (inner, width) = (x.columns, out.columns)
        let target =
            unsafe out.mutableElements(Float.self)
            + (rows.lowerBound * width + columns.lowerBound)
        let offset = unsafe bias.map { unsafe $0.elements(Float.self) + columns.lowerBound }
        let (left, right) = (rows.lowerBound * inner, columns.lowerBound * inner)
        if x.dtype == .bf16 {
            unsafe table.pointee.gemm_bf16(
                target,
                x.elements(UInt16.self) + left,
                weight.elements(UInt16.self) + right,
                offset,
                rows.count,
                columns.count,
                inner,
                width,
                inner,
                inner
            )
        } else {
            unsafe table.pointee.gemm_f32(
                target,
                x.elements(Float.self) + left,
                weight.elements(Float.self) + right,
                offset,
                rows.count,
                columns.count,
                inner,
                width,
                inner,
                inner
            )
        }
    }

    /// The product of a row of `x` and a row of `y`, both f32; the bits that `multiply` gives.
    func product(_ x: Tensor, row: Int, _ y: Tensor, row other: Int) -> Float {
        let width = x.columns
        var result: Float = 0
        unsafe table.pointee.gemm_f32(
            &result,
            x.elements(Float.self) + row * width,
            y.elements(Float.self) + other * width,
            nil,
            1,
            1,
            width,
            1,
            width,
            width
        )
        return result
    }

    // MARK: Products of bytes

    /// Codes one row of `x`, f32.
    func code(_ x: Tensor, row: Int, into coded: CodedRows) {
        let sum = unsafe table.pointee.code_row(
            coded.codes.mutableElements(Int8.self) + row * coded.codes.columns,
            coded.scales.mutableElements(Float.self) + row,
            x.elements(Float.self) + row * x.columns,
            x.columns
        )
        let sums = coded.sums.mutableElements(Int32.self)
        unsafe sums[row] = sum
    }

    /// Codes up to 16 rows of a weight as a panel; outputs that it has no rows for are zeros.
    func pack(_ rows: Tensor, into panels: Tensor, panel: Int, scales: Tensor, from first: Int) {
        let width = rows.columns
        let target = unsafe panels.mutableElements(UInt8.self) + panel * panels.columns
        var codes = [Int8](repeating: 0, count: (width + 3) / 4 * 4)
        for row in 0..<CodedWeight.panelRows {
            if row < rows.rows {
                _ = unsafe table.pointee.code_row(
                    &codes,
                    scales.mutableElements(Float.self) + first + row,
                    rows.elements(Float.self) + row * width,
                    width
                )
            } else {
                for index in codes.indices { codes[index] = 0 }
            }
            unsafe ik_pack_codes(target, codes, row, width)
        }
    }

    /// `out[rows, columns] = (x wᵀ + bias)[rows, columns]`; `columns` begins with a panel.
    func multiply(
        _ x: CodedRows,
        _ weight: CodedWeight,
        bias: Tensor?,
        into out: Tensor,
        rows: Range<Int>,
        columns: Range<Int>
    ) {
        let first = columns.lowerBound
        let panel = first / CodedWeight.panelRows
        unsafe table.pointee.gemm_int8(
            out.mutableElements(Float.self) + (rows.lowerBound * out.columns + first),
            x.codes.elements(Int8.self) + rows.lowerBound * x.codes.columns,
            x.scales.elements(Float.self) + rows.lowerBound,
            x.sums.elements(Int32.self) + rows.lowerBound,
            weight.panels.elements(UInt8.self) + panel * weight.panels.columns,
            weight.scales.elements(Float.self) + first,
            bias.map { unsafe $0.elements(Float.self) + first },
            rows.count,
            columns.count,
            weight.groups,
            out.columns
        )
    }

    // MARK: Conversions

    /// Copies elements between dtypes: anything readable as floats to f32, f32 to bf16, or
    /// unchanged.
    func convert(_ x: Tensor, from first: Int, to out: Tensor, at start: Int, count: Int) {
        switch (x.dtype, out.dtype) {
        case (.f32, .bf16):
            unsafe table.pointee.round_bf16(
                out.mutableElements(UInt16.self) + start,
                x.elements(Float.self) + first,
                count
            )
        case (.bf16, .f32):
            unsafe table.pointee.widen_bf16(
                out.mutableElements(Float.self) + start,
                x.elements(UInt16.self) + first,
                count
            )
        case (.f16, .f32):
            unsafe table.pointee.widen_f16(
                out.mutableElements(Float.self) + start,
                x.elements(UInt16.self) + first,
                count
            )
        default:
            precondition(x.dtype == out.dtype, "conversion of \(x.dtype) to \(out.dtype)")
            let size = x.dtype.byteCount
            let target = unsafe out.mutableElements(UInt8.self) + start * size
            unsafe target.update(from: x.elements(UInt8.self) + first * size, count: count * size)
        }
    }

    // MARK: Norms; `width` is the row's or the head's

    func rmsNorm(
        _ x: Tensor,
        weight: Tensor,
        epsilon: Float,
        into out: Tensor,
        rows: Range<Int>,
        width: Int
    ) {
        for row in rows {
            unsafe table.pointee.rms_norm(
                out.mutableElements(Float.self) + row * width,
                x.elements(Float.self) + row * width,
                weight.elements(Float.self),
                epsilon,
                width
            )
        }
    }

    func layerNorm(
        _ x: Tensor,
        weight: Tensor,
        bias: Tensor,
        epsilon: Float,
        into out: Tensor,
        rows: Range<Int>,
        width: Int
    ) {
        for row in rows {
            unsafe table.pointee.layer_norm(
                out.mutableElements(Float.self) + row * width,
                x.elements(Float.self) + row * width,
                weight.elements(Float.self),
                bias.elements(Float.self),
                epsilon,
                width
            )
        }
    }

    // MARK: Element by element

    func add(_ y: Tensor, to x: Tensor, range: Range<Int>) {
        unsafe table.pointee.add(
            x.mutableElements(Float.self) + range.lowerBound,
            y.elements(Float.self) + range.lowerBound,
            range.count
        )
    }

    /// `x[row] += gate · y[row]`.
    func addGated(_ y: Tensor, gate: Tensor, to x: Tensor, row: Int) {
        let width = x.columns
        let target = unsafe x.mutableElements(Float.self) + row * width
        let source = unsafe y.elements(Float.self) + row * width
        let factors = gate.elements(Float.self)
        if gate.count == 1 {
            unsafe table.pointee.add_scaled(target, source, factors.pointee, width)
        } else {
            unsafe table.pointee.add_gated(target, source, factors, width)
        }
    }

    func activate(_ x: Tensor, _ activation: Activation, into out: Tensor, range: Range<Int>) {
        unsafe table.pointee.activate(
            out.mutableElements(Float.self) + range.lowerBound,
            x.elements(Float.self) + range.lowerBound,
            activation.kernelName,
            range.count
        )
    }

    func multiply(_ x: Tensor, by y: Tensor, range: Range<Int>) {
        unsafe table.pointee.multiply(
            x.mutableElements(Float.self) + range.lowerBound,
            y.elements(Float.self) + range.lowerBound,
            range.count
        )
    }

    func rotate(_ x: Tensor, row: Int, heads: Int, position: Int, table angles: RotaryTable) {
        let half = angles.headDimension / 2
        unsafe table.pointee.rotate(
            x.mutableElements(Float.self) + row * x.columns,
            angles.cosines.elements(Float.self) + position * half,
            angles.sines.elements(Float.self) + position * half,
            heads,
            angles.headDimension
        )
    }

    // MARK: Rows of logits

    func maximum(_ x: Tensor, row: Int) -> Float {
        unsafe table.pointee.maximum(x.elements(Float.self) + row * x.columns, x.columns)
    }

    func sumExp(_ x: Tensor, row: Int, maximum: Float) -> Double {
        unsafe table.pointee.sum_exp(x.elements(Float.self) + row * x.columns, maximum, x.columns)
    }

    /// Positions of the elements of a row that are at least `bound`, ascending.
    /// - Parameters:
    ///   - x: f32.
    ///   - row: the row.
    ///   - bound: what an element must reach.
    ///   - positions: at least `x.columns` long; its beginning is overwritten.
    /// - Returns: how many there are.
    func positions(
        in x: Tensor,
        row: Int,
        atLeast bound: Float,
        into positions: inout [UInt32]
    ) -> Int {
        precondition(positions.count >= x.columns, "room for \(positions.count) positions")
        return unsafe table.pointee.at_least(
            &positions,
            x.elements(Float.self) + row * x.columns,
            bound,
            x.columns
        )
    }

    // MARK: Attention

    /// One head of some query rows of a segment; `out` holds zeros there.
    func attend(_ problem: AttentionProblem, segment: AttentionSegment, rows: Range<Int>, head: Int)
    {
        let width = problem.queries.columns
        let d = width / problem.heads
        let column = head * d
        let spans = unsafe segment.spans.map { span in
            let first = (span.range.lowerBound * width + column) * span.keys.dtype.byteCount
            return unsafe ik_span(
                keys: span.keys.address + first,
                values: span.values.address + first,
                count: span.range.count,
                is_bf16: span.keys.dtype == .bf16 ? 1 : 0
            )
        }
        let total = segment.spans.reduce(0) { $0 + $1.range.count }
        let rowInSegment = rows.lowerBound - segment.queryRows.lowerBound
        let visible = segment.causal ? total - segment.queryRows.count + rowInSegment + 1 : total
        let first = rows.lowerBound * width + column
        unsafe ik_attention(
            table,
            problem.out.mutableElements(Float.self) + first,
            problem.queries.elements(Float.self) + first,
            problem.roundedQueries.map { unsafe $0.elements(UInt16.self) + first },
            spans,
            spans.count,
            problem.scale,
            rows.count,
            visible,
            segment.causal ? 1 : 0,
            d,
            width,
            width,
            width
        )
    }
}

/// What the parts of one attention call have in common.
struct AttentionProblem: Sendable {
    let out: Tensor
    let queries: Tensor
    /// The queries in bf16, if any span is.
    let roundedQueries: Tensor?
    let heads: Int
    let scale: Float
}

extension Activation {
    fileprivate var kernelName: ik_activation {
        switch self {
        case .gelu: IK_GELU
        case .quickGelu: IK_QUICK_GELU
        case .relu: IK_RELU
        case .silu: IK_SILU
        }
    }
}
