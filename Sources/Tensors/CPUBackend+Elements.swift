extension CPUBackend {
    /// `x += y`.
    /// - Parameters:
    ///   - y: f32.
    ///   - x: f32 of the same shape.
    /// - Precondition: the shapes agree.
    public func add(_ y: Tensor, to x: Tensor) {
        Self.checkSame("add", y, x)
        forEachElements(x.count) { [kernels] range in kernels.add(y, to: x, range: range) }
    }

    /// `x += gate · y`.
    /// - Parameters:
    ///   - y: `[M, D]` f32.
    ///   - gate: `[1]` or `[D]` f32, tanh already applied.
    ///   - maskedRows: `M` flags; where true, `y` counts as 0.
    ///   - x: `[M, D]` f32.
    /// - Precondition: the shapes agree.
    public func addGated(_ y: Tensor, gate: Tensor, maskedRows: [Bool]?, to x: Tensor) {
        Self.checkSame("addGated", y, x)
        precondition(
            gate.dtype == .f32 && (gate.count == 1 || gate.count == x.columns)
                && (maskedRows.map { $0.count == x.rows } ?? true),
            "addGated: x \(x.shape), gate \(gate.shape), \(maskedRows?.count ?? 0) flags"
        )
        forEachRows(x.rows, width: x.columns) { [kernels] rows in
            for row in rows where maskedRows?[row] != true {
                kernels.addGated(y, gate: gate, to: x, row: row)
            }
        }
    }

    /// Applies an activation function in place.
    /// - Parameters:
    ///   - x: f32.
    ///   - activation: the function.
    public func activate(_ x: Tensor, _ activation: Activation) {
        precondition(x.dtype == .f32, "activate: x \(x.shape) \(x.dtype)")
        forEachElements(x.count) { [kernels] range in
            kernels.activate(x, activation, into: x, range: range)
        }
    }

    /// `activation(gate) · up`, the middle of a gated MLP (Shazeer, "GLU Variants Improve
    /// Transformer").
    /// - Parameters:
    ///   - gate: `[M, F]` f32.
    ///   - up: `[M, F]` f32.
    ///   - activation: silu for SwiGLU.
    /// - Returns: `[M, F]` f32.
    /// - Precondition: the shapes agree.
    public func multiplyActivated(
        _ gate: Tensor,
        _ up: Tensor,
        _ activation: Activation
    ) -> Tensor {
        Self.checkSame("multiplyActivated", gate, up)
        let out = makeResult(gate.shape)
        forEachElements(gate.count) { [kernels] range in
            kernels.activate(gate, activation, into: out, range: range)
            kernels.multiply(out, by: up, range: range)
        }
        return out
    }

    private static func checkSame(_ operation: String, _ x: Tensor, _ y: Tensor) {
        precondition(
            x.dtype == .f32 && y.dtype == .f32 && x.shape == y.shape,
            "\(operation): \(x.shape) \(x.dtype), \(y.shape) \(y.dtype)"
        )
    }
}
