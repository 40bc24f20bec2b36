/// A weight matrix as signed bytes: `w ≈ scale · code`, symmetric, a scale per output.
///
/// Codes lie as the kernels read them: panels of 16 outputs, of each 4 codes after the other, plus
/// 128. Outputs and inputs that fill up the last panel and group are zeros.
struct CodedWeight: Sendable {
    /// `[⌈N / 16⌉, ⌈K / 4⌉ · 64]` u8.
    let panels: Tensor
    /// `[N]` f32.
    let scales: Tensor

    static let panelRows = 16
    static let groupCodes = 4
    /// Sums of longer rows could leave 32 bits.
    static let inputLimit = 1 << 16

    /// Groups of four inputs.
    var groups: Int { panels.columns / (Self.panelRows * Self.groupCodes) }
}

/// Rows of activations as signed bytes.
struct CodedRows: Sendable {
    /// `[M, ⌈K / 4⌉ · 4]` i8.
    let codes: Tensor
    /// `[M]` f32; NaN for rows that are not finite.
    let scales: Tensor
    /// `[M]` i32: the sum of each row's codes.
    let sums: Tensor
}

extension CPUBackend {
    /// Codes a weight, panel by panel.
    /// - Parameter weight: `[N, K]` f32, bf16 or f16, K below 65,536.
    /// - Returns: half the bytes of bf16.
    /// - Precondition: K is below 65,536.
    func coded(_ weight: Tensor) -> CodedWeight {
        let (rows, inner) = (weight.rows, weight.columns)
        precondition(inner < CodedWeight.inputLimit, "int8: weight \(weight.shape) is too wide")
        let panelRows = CodedWeight.panelRows
        let groups = (inner + CodedWeight.groupCodes - 1) / CodedWeight.groupCodes
        let panelCount = (rows + panelRows - 1) / panelRows
        let panels = Tensor(
            unset: [panelCount, groups * panelRows * CodedWeight.groupCodes],
            dtype: .u8
        )
        let scales = Tensor(unset: [rows])
        pool.forEach(panelCount) { [kernels] panel in
            let range = panel * panelRows..<min((panel + 1) * panelRows, rows)
            let floats = weight.rowRange(range).widened()
            kernels.pack(floats, into: panels, panel: panel, scales: scales, from: range.lowerBound)
        }
        return CodedWeight(panels: panels, scales: scales)
    }

    /// `x wᵀ + bias` of coded operands.
    func multiply(_ x: Tensor, _ weight: CodedWeight, bias: Tensor?, into out: Tensor) {
        precondition(precision == .int8, "linear: weight was prepared for int8, not \(precision)")
        let coded = CodedRows(
            codes: makeResult([x.rows, weight.groups * CodedWeight.groupCodes], dtype: .i8),
            scales: makeResult([x.rows]),
            sums: makeResult([x.rows], dtype: .i32)
        )
        forEachRows(x.rows, width: x.columns) { [kernels] range in
            for row in range { kernels.code(x, row: row, into: coded) }
        }
        let tiles = ProductTiles(codedRows: x.rows, columns: out.columns, inner: x.columns)
        pool.forEach(tiles.count) { [kernels] index in
            kernels.multiply(
                coded,
                weight,
                bias: bias,
                into: out,
                rows: tiles.rows(index),
                columns: tiles.columns(index)
            )
        }
    }
}
