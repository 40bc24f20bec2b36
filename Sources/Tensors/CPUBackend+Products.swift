extension CPUBackend {
    /// Brings a weight into the precision's dtype; bf16 in place, also of a mapped file.
    /// - Parameter weight: `[N, …]` f32, bf16 or f16; the extents behind N are flattened to K.
    /// - Returns: the weight that `linear` takes.
    /// - Precondition: at least two extents and a float dtype.
    public func prepare(_ weight: Tensor) -> LinearWeight {
        precondition(weight.shape.count >= 2, "prepare: weight \(weight.shape) is not a matrix")
        let inner = weight.shape.dropFirst().reduce(1, *)
        let matrix = weight.reshaped([weight.shape[0], inner])
        let form: LinearWeight.Form
        if precision == .int8 {
            form = .codes(coded(matrix))
        } else {
            form = .floats(matrix.converted(to: productDType))
        }
        // What was converted is not read again.
        if precision == .int8 || matrix.dtype != productDType { matrix.releaseMappedPages() }
        return LinearWeight(outputSize: matrix.rows, inputSize: inner, form: form)
    }

    /// `x wᵀ + bias`.
    /// - Parameters:
    ///   - x: `[M, K]` f32; in bf16 its elements are rounded to the nearest even.
    ///   - weight: `[N, K]`.
    ///   - bias: `[N]` f32.
    /// - Returns: `[M, N]` f32, sums in f32.
    /// - Precondition: shapes and dtypes fit.
    /// - Complexity: 2·M·N·K FLOP.
    public func linear(_ x: Tensor, _ weight: LinearWeight, bias: Tensor? = nil) -> Tensor {
        let outputSize = weight.outputSize
        precondition(
            x.dtype == .f32 && x.columns == weight.inputSize,
            "linear: x \(x.shape) \(x.dtype), weight [\(outputSize), \(weight.inputSize)]"
        )
        precondition(
            bias.map { $0.dtype == .f32 && $0.count == outputSize } ?? true,
            "linear: weight [\(outputSize), \(weight.inputSize)], bias \(bias?.shape ?? [])"
        )
        profile?.count(2 * Double(x.rows * outputSize * weight.inputSize))
        let out = makeResult([x.rows, outputSize])
        switch weight.form {
        case .floats(let matrix): multiply(x, matrix, bias: bias, into: out)
        case .codes(let codes): multiply(x, codes, bias: bias, into: out)
        }
        return out
    }

    private func multiply(_ x: Tensor, _ matrix: Tensor, bias: Tensor?, into out: Tensor) {
        precondition(
            precision != .int8 && matrix.dtype == productDType,
            "linear: weight was prepared for \(matrix.dtype), not \(precision)"
        )
        let operand = productDType == .bf16 ? rounded(x) : x
        let tiles = ProductTiles(rows: x.rows, columns: out.columns, inner: x.columns)
        pool.forEach(tiles.count) { [kernels] index in
            kernels.multiply(
                operand,
                matrix,
                bias: bias,
                into: out,
                rows: tiles.rows(index),
                columns: tiles.columns(index)
            )
        }
    }

    /// `linear` of some rows of `x`.
    /// - Parameters:
    ///   - x: `[M, K]` f32.
    ///   - rows: within `0..<M`, in any order.
    ///   - weight: `[N, K]`.
    ///   - bias: `[N]` f32.
    /// - Returns: `[rows.count, N]` f32.
    /// - Precondition: shapes and dtypes fit and rows lie inside.
    public func linear(_ x: Tensor, rows: [Int], _ weight: LinearWeight, bias: Tensor?) -> Tensor {
        linear(gatherRows(x, indices: rows.map { Int32($0) }), weight, bias: bias)
    }

    /// Dtype of float operands: weights and, rounded, activations.
    private var productDType: DType { precision == .f32 ? .f32 : .bf16 }

    /// `x` in bf16.
    func rounded(_ x: Tensor) -> Tensor {
        let out = makeResult(x.shape, dtype: .bf16)
        forEachElements(x.count) { [kernels] range in
            kernels.convert(
                x,
                from: range.lowerBound,
                to: out,
                at: range.lowerBound,
                count: range.count
            )
        }
        return out
    }
}

/// How a product is cut into parts for the threads; has no influence on any bit.
///
/// Small enough that a slow core holds up little and that the weight rows of a part stay in a
/// core's cache, large enough that activations are not read too often.
struct ProductTiles {
    private let rowCount: Int
    private let columnCount: Int
    private let tileRows: Int
    private let tileColumns: Int

    init(rows: Int, columns: Int, inner: Int) {
        rowCount = rows
        columnCount = columns
        let strips = (max(rows, 1) + 191) / 192
        tileRows = ((max(rows, 1) + strips - 1) / strips + 5) / 6 * 6
        // A few rows: about 256 KiB of bf16 weights, but no less than a few register blocks. Many:
        // wide enough that the rows, which stay in a core's cache, are not read again too often.
        let wide = (columns * strips / 16 + 127) / 128 * 128
        let narrow = max(16, min(128, (131_072 / max(inner, 1)) / 4 * 4))
        tileColumns = rows < 48 ? narrow : max(128, min(1024, wide))
    }

    /// Parts of a product of bytes: whole panels, four at a time.
    init(codedRows rows: Int, columns: Int, inner: Int) {
        rowCount = rows
        columnCount = columns
        tileRows = min(max(rows, 1), 192)
        tileColumns = max(64, min(256, (262_144 / max(inner, 1)) / 64 * 64))
    }

    private var tilesAcross: Int { (columnCount + tileColumns - 1) / tileColumns }

    var count: Int { tilesAcross * ((rowCount + tileRows - 1) / tileRows) }

    func rows(_ index: Int) -> Range<Int> {
        let first = index / tilesAcross * tileRows
        return first..<min(first + tileRows, rowCount)
    }

    func columns(_ index: Int) -> Range<Int> {
        let first = index % tilesAcross * tileColumns
        return first..<min(first + tileColumns, columnCount)
    }
}
