import Tensors

/// A pre-norm transformer layer of CLIP (Radford and others 2021), biases everywhere.
///
/// `x += out(attention(norm1 x))`, then `x += fc2(act(fc1(norm2 x)))`.
struct ClipEncoderLayer: Sendable {
    private let norm1: LayerNorm
    private let queries: Linear
    private let keys: Linear
    private let values: Linear
    private let output: Linear
    private let norm2: LayerNorm
    private let expand: Linear
    private let contract: Linear
    private let configuration: ClipVisionConfiguration

    init(_ loader: WeightLoader, _ configuration: ClipVisionConfiguration) throws {
        let (width, inner) = (configuration.width, configuration.feedForwardWidth)
        let attention = loader.scope("self_attn")
        norm1 = try loader.layerNorm("layer_norm1", width, epsilon: configuration.epsilon)
        queries = try attention.linear("q_proj", width, width, bias: true)
        keys = try attention.linear("k_proj", width, width, bias: true)
        values = try attention.linear("v_proj", width, width, bias: true)
        output = try attention.linear("out_proj", width, width, bias: true)
        norm2 = try loader.layerNorm("layer_norm2", width, epsilon: configuration.epsilon)
        expand = try loader.linear("mlp.fc1", inner, width, bias: true)
        contract = try loader.linear("mlp.fc2", width, inner, bias: true)
        self.configuration = configuration
    }

    /// Adds the layer's contribution to `x`: `[N*P, E]`, `N` images one behind the other.
    func apply(to x: Tensor, imageCount: Int, on backend: any ComputeBackend) {
        let normed = norm1(x, on: backend)
        let attended = attention(normed, imageCount: imageCount, on: backend)
        backend.add(output(attended, on: backend), to: x)
        let inner = expand(norm2(x, on: backend), on: backend)  // [N*P, F]
        backend.activate(inner, configuration.activation)
        backend.add(contract(inner, on: backend), to: x)
    }

    private func attention(
        _ x: Tensor,
        imageCount: Int,
        on backend: any ComputeBackend
    ) -> Tensor {
        let (keyRows, valueRows) = (keys(x, on: backend), values(x, on: backend))
        let positions = configuration.positionCount
        let segments = (0..<imageCount).map { image in
            let rows = image * positions..<(image + 1) * positions
            let span = KeyValueSpan(keys: keyRows, values: valueRows, range: rows)
            return AttentionSegment(queryRows: rows, spans: [span], causal: false)
        }
        return backend.attention(
            queries(x, on: backend),
            heads: configuration.headCount,
            scale: attentionScale(
                headWidth: configuration.width / configuration.headCount
            ),
            segments: segments
        )
    }
}

/// The factor on attention scores, `d^-0.5`.
func attentionScale(headWidth: Int) -> Float {
    1 / Float(headWidth).squareRoot()
}
