extension Tensor {
    /// The elements as f32: the tensor itself if it is f32.
    /// - Returns: an f32 tensor of the same shape.
    /// - Precondition: the dtype is f32, bf16 or f16.
    public func widened() -> Tensor { converted(to: .f32) }

    /// The elements widened to f32, row-major.
    /// - Returns: `count` values.
    /// - Precondition: the dtype is f32, bf16 or f16.
    public func floats() -> [Float] { widened().copiedElements() }

    /// The elements as f32 or, rounded to the nearest even, bf16; the tensor itself if it is that.
    /// - Parameter target: f32 or bf16.
    /// - Returns: a tensor of the same shape.
    /// - Precondition: the dtype is f32, bf16 or f16.
    public func converted(to target: DType) -> Tensor {
        precondition(
            dtype.isReadableAsFloats && (target == .f32 || target == .bf16),
            "conversion of tensor \(shape) from \(dtype) to \(target)"
        )
        if dtype == target { return self }
        if dtype == .f16, target == .bf16 { return widened().converted(to: .bf16) }
        let out = Tensor(unset: shape, dtype: target)
        Kernels.best.convert(self, from: 0, to: out, at: 0, count: count)
        return out
    }
}
