extension CPUBackend {
    /// Root-mean-square norm of each row (Zhang and Sennrich, "Root Mean Square Layer
    /// Normalization"): `x / √(mean(x²) + ε) · weight`.
    /// - Parameters:
    ///   - x: `[…, D]` f32.
    ///   - weight: `[D]` f32.
    ///   - epsilon: added to the mean square.
    /// - Returns: a tensor of `x`'s shape.
    /// - Precondition: shapes and dtypes fit.
    public func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float) -> Tensor {
        let out = makeResult(x.shape)
        rmsNorm(x, weight: weight, epsilon: epsilon, into: out, width: x.columns)
        return out
    }

    /// Layer norm of each row (Ba et al.): `(x - mean) / √(variance + ε) · weight + bias`.
    /// - Parameters:
    ///   - x: `[…, D]` f32.
    ///   - weight: `[D]` f32.
    ///   - bias: `[D]` f32.
    ///   - epsilon: added to the biased variance.
    /// - Returns: a tensor of `x`'s shape.
    /// - Precondition: shapes and dtypes fit.
    public func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) -> Tensor {
        let out = makeResult(x.shape)
        layerNorm(x, weight: weight, bias: bias, epsilon: epsilon, into: out, width: x.columns)
        return out
    }

    /// `rmsNorm` of each head, in place.
    /// - Parameters:
    ///   - x: `[M, H·d]` f32.
    ///   - weight: `[d]` f32, shared by the heads.
    ///   - epsilon: added to the mean square.
    /// - Precondition: `d` divides the columns.
    public func rmsNormHeads(_ x: Tensor, weight: Tensor, epsilon: Float) {
        rmsNorm(x, weight: weight, epsilon: epsilon, into: x, width: weight.count)
    }

    /// `layerNorm` of each head, in place.
    /// - Parameters:
    ///   - x: `[M, H·d]` f32.
    ///   - weight: `[d]` f32, shared by the heads.
    ///   - bias: `[d]` f32.
    ///   - epsilon: added to the biased variance.
    /// - Precondition: `d` divides the columns.
    public func layerNormHeads(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) {
        layerNorm(x, weight: weight, bias: bias, epsilon: epsilon, into: x, width: weight.count)
    }

    private func rmsNorm(
        _ x: Tensor,
        weight: Tensor,
        epsilon: Float,
        into out: Tensor,
        width: Int
    ) {
        Self.checkNorm("rmsNorm", x, [weight], width: width)
        guard x.count > 0 else { return }
        forEachRows(x.count / width, width: width) { [kernels] rows in
            kernels.rmsNorm(
                x,
                weight: weight,
                epsilon: epsilon,
                into: out,
                rows: rows,
                width: width
            )
        }
    }

    private func layerNorm(
        _ x: Tensor,
        weight: Tensor,
        bias: Tensor,
        epsilon: Float,
        into out: Tensor,
        width: Int
    ) {
        Self.checkNorm("layerNorm", x, [weight, bias], width: width)
        guard x.count > 0 else { return }
        forEachRows(x.count / width, width: width) { [kernels] rows in
            kernels.layerNorm(
                x,
                weight: weight,
                bias: bias,
                epsilon: epsilon,
                into: out,
                rows: rows,
                width: width
            )
        }
    }

    private static func checkNorm(
        _ operation: String,
        _ x: Tensor,
        _ parameters: [Tensor],
        width: Int
    ) {
        precondition(
            x.dtype == .f32 && (x.count == 0 || width > 0 && x.columns % width == 0)
                && parameters.allSatisfy { $0.dtype == .f32 && $0.count == width },
            "\(operation): x \(x.shape) \(x.dtype), parameters "
                + parameters.map { "\($0.shape) \($0.dtype)" }.joined(separator: ", ")
        )
    }

    /// Copies rows, converting between f32 and bf16.
    /// - Parameters:
    ///   - source: `[m, D]`, f32 or bf16.
    ///   - rows: rows of `source`.
    ///   - destination: `[n, D]`, f32 or bf16.
    ///   - at: the first row written.
    /// - Precondition: widths agree and both ranges lie inside.
    public func copyRows(
        _ source: Tensor,
        rows: Range<Int>,
        to destination: Tensor,
        at: Int
    ) {
        let width = source.columns
        precondition(
            width == destination.columns && rows.lowerBound >= 0 && rows.upperBound <= source.rows
                && at >= 0 && at + rows.count <= destination.rows,
            "copyRows: rows \(rows) of \(source.shape) to \(destination.shape) at \(at)"
        )
        forEachRows(rows.count, width: width) { [kernels] part in
            kernels.convert(
                source,
                from: (rows.lowerBound + part.lowerBound) * width,
                to: destination,
                at: (at + part.lowerBound) * width,
                count: part.count * width
            )
        }
    }

    /// Rows of a table, widened to f32.
    /// - Parameters:
    ///   - table: `[n, D]` f32, bf16 or f16.
    ///   - indices: each within `0..<n`.
    /// - Returns: `[indices.count, D]` f32.
    /// - Precondition: indices lie inside.
    public func gatherRows(_ table: Tensor, indices: [Int32]) -> Tensor {
        let width = table.columns
        precondition(
            table.dtype.isReadableAsFloats
                && indices.allSatisfy { $0 >= 0 && Int($0) < table.rows },
            "gatherRows: indices \(indices.min() ?? 0)...\(indices.max() ?? 0) of \(table.shape) "
                + "\(table.dtype)"
        )
        let out = makeResult([indices.count, width])
        forEachRows(indices.count, width: width) { [kernels] part in
            for row in part {
                kernels.convert(
                    table,
                    from: Int(indices[row]) * width,
                    to: out,
                    at: row * width,
                    count: width
                )
            }
        }
        return out
    }
}
