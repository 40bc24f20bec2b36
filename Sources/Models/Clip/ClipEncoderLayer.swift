import Tensors

/// The dimensions of the layers of a CLIP tower.
struct ClipLayerShape: Sendable {
    /// `E`, the width of the states.
    let width: Int
    /// `H`.
    let headCount: Int
    /// `F`, the width inside the MLP.
    let feedForwardWidth: Int
    /// The MLP's activation.
    let activation: Activation
    /// ε of both norms.
    let epsilon: Float
}

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
    private let shape: ClipLayerShape

    init(_ loader: WeightLoader, _ shape: ClipLayerShape) throws {
        let (width, inner) = (shape.width, shape.feedForwardWidth)
        let attention = loader.scope("self_attn")
        norm1 = try loader.layerNorm("layer_norm1", width, epsilon: shape.epsilon)
        queries = try attention.linear("q_proj", width, width, bias: true)
        keys = try attention.linear("k_proj", width, width, bias: true)
        values = try attention.linear("v_proj", width, width, bias: true)
        output = try attention.linear("out_proj", width, width, bias: true)
        norm2 = try loader.layerNorm("layer_norm2", width, epsilon: shape.epsilon)
        expand = try loader.linear("mlp.fc1", inner, width, bias: true)
        contract = try loader.linear("mlp.fc2", width, inner, bias: true)
        self.shape = shape
    }

    /// Adds the layer's contribution to `x` `[T, E]`: sequences one behind the other, each of which
    /// sees only itself, its earlier positions if `causal`.
    func apply(
        to x: Tensor,
        sequences: [Range<Int>],
        causal: Bool = false,
        on backend: any ComputeBackend
    ) {
        let normed = norm1(x, on: backend)
        let attended = attention(normed, sequences, causal, on: backend)
        backend.add(output(attended, on: backend), to: x)
        let inner = expand(norm2(x, on: backend), on: backend)  // [T, F]
        backend.activate(inner, shape.activation)
        backend.add(contract(inner, on: backend), to: x)
    }

    private func attention(
        _ x: Tensor,
        _ sequences: [Range<Int>],
        _ causal: Bool,
        on backend: any ComputeBackend
    ) -> Tensor {
        let (keyRows, valueRows) = (keys(x, on: backend), values(x, on: backend))
        return backend.attention(
            queries(x, on: backend),
            heads: shape.headCount,
            scale: attentionScale(headWidth: shape.width / shape.headCount),
            segments: sequences.map { rows in
                let span = KeyValueSpan(keys: keyRows, values: valueRows, range: rows)
                return AttentionSegment(queryRows: rows, spans: [span], causal: causal)
            }
        )
    }
}

/// The factor on attention scores, `d^-0.5`.
func attentionScale(headWidth: Int) -> Float {
    1 / Float(headWidth).squareRoot()
}
