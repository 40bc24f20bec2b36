import Checkpoints
import Tensors

/// Reads tensors by name and shape and brings them into the form that layers compute with.
///
/// Layers ask for their tensors through a loader scoped to their name, so that each tensor name
/// stands once, at the layer that owns it.
struct WeightLoader {
    let reader: WeightReader
    let backend: any ComputeBackend

    /// The loader of a nested name.
    func scope(_ name: String) -> WeightLoader {
        WeightLoader(reader: reader.scope(name), backend: backend)
    }

    /// A projection `name.weight` `[output, input]`, with `name.bias` `[output]` if it has one.
    func linear(_ name: String, _ output: Int, _ input: Int, bias: Bool = false) throws -> Linear {
        let part = scope(name)
        return Linear(
            weight: try part.matrix("weight", [output, input]),
            bias: bias ? try part.vector("bias", output) : nil
        )
    }

    /// A tensor `[N, …]` to multiply with.
    func matrix(_ name: String, _ shape: [Int]) throws -> LinearWeight {
        backend.prepare(try reader.tensor(name, shape))
    }

    /// A tensor `[size]`, widened to f32.
    func vector(_ name: String, _ size: Int) throws -> Tensor {
        try reader.tensor(name, [size]).widened()
    }

    /// A tensor of any shape, widened to f32.
    func floats(_ name: String, _ shape: [Int]) throws -> Tensor {
        try reader.tensor(name, shape).widened()
    }

    /// `name.weight` and `name.bias`, both `[size]`.
    func layerNorm(_ name: String, _ size: Int, epsilon: Float) throws -> LayerNorm {
        let part = scope(name)
        return LayerNorm(
            weight: try part.vector("weight", size),
            bias: try part.vector("bias", size),
            epsilon: epsilon
        )
    }

    /// `name.weight`, `[size]`.
    func rmsNorm(_ name: String, _ size: Int, epsilon: Float) throws -> RMSNorm {
        RMSNorm(weight: try scope(name).vector("weight", size), epsilon: epsilon)
    }
}

/// A projection `x Wᵀ + b`.
struct Linear: Sendable {
    let weight: LinearWeight
    let bias: Tensor?

    /// `[M, K]` to `[M, N]`.
    func callAsFunction(_ x: Tensor, on backend: any ComputeBackend) -> Tensor {
        backend.linear(x, weight, bias: bias)
    }
}

/// Layer normalisation with affine weights, over the last dimension or per head.
struct LayerNorm: Sendable {
    let weight: Tensor
    let bias: Tensor
    let epsilon: Float

    func callAsFunction(_ x: Tensor, on backend: any ComputeBackend) -> Tensor {
        backend.layerNorm(x, weight: weight, bias: bias, epsilon: epsilon)
    }

    func normaliseHeads(_ x: Tensor, on backend: any ComputeBackend) {
        backend.layerNormHeads(x, weight: weight, bias: bias, epsilon: epsilon)
    }
}

/// Root-mean-square normalisation (Zhang and Sennrich 2019), over the last dimension or per head.
struct RMSNorm: Sendable {
    let weight: Tensor
    let epsilon: Float

    func callAsFunction(_ x: Tensor, on backend: any ComputeBackend) -> Tensor {
        backend.rmsNorm(x, weight: weight, epsilon: epsilon)
    }

    func normaliseHeads(_ x: Tensor, on backend: any ComputeBackend) {
        backend.rmsNormHeads(x, weight: weight, epsilon: epsilon)
    }
}
