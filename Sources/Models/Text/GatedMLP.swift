import Tensors

/// LLaMA's feed-forward block: `down(act(gate x) · up x)` (SwiGLU with `silu`; Shazeer 2020).
struct GatedMLP: Sendable {
    private let gate: Linear
    private let up: Linear
    private let down: Linear
    private let activation: Activation

    init(_ loader: WeightLoader, _ configuration: LlamaConfiguration) throws {
        let (width, inner) = (configuration.width, configuration.feedForwardWidth)
        gate = try loader.linear("gate_proj", inner, width)
        up = try loader.linear("up_proj", inner, width)
        down = try loader.linear("down_proj", width, inner)
        activation = configuration.activation
    }

    /// `[T, D]` to `[T, D]`.
    func callAsFunction(_ x: Tensor, on backend: any ComputeBackend) -> Tensor {
        let middle = backend.multiplyActivated(
            gate(x, on: backend),
            up(x, on: backend),
            activation
        )  // [T, F]
        return down(middle, on: backend)
    }
}
