import Tensors

/// A LLaMA decoder layer: `x += o(attention(norm x))`, then `x += mlp(norm x)`.
///
/// No biases; rotary positions in the half-split convention, as Hugging Face checkpoints need.
struct LlamaDecoderLayer: Sendable {
    private let inputNorm: RMSNorm
    private let queries: Linear
    private let keys: Linear
    private let values: Linear
    private let output: Linear
    private let postNorm: RMSNorm
    private let mlp: GatedMLP
    private let configuration: LlamaConfiguration

    init(_ loader: WeightLoader, _ configuration: LlamaConfiguration) throws {
        let width = configuration.width
        let epsilon = configuration.epsilon
        let attention = loader.scope("self_attn")
        inputNorm = try loader.rmsNorm("input_layernorm", width, epsilon: epsilon)
        queries = try attention.linear("q_proj", width, width)
        keys = try attention.linear("k_proj", width, width)
        values = try attention.linear("v_proj", width, width)
        output = try attention.linear("o_proj", width, width)
        postNorm = try loader.rmsNorm("post_attention_layernorm", width, epsilon: epsilon)
        mlp = try GatedMLP(loader.scope("mlp"), configuration)
        self.configuration = configuration
    }

    /// Adds the layer's contribution to `x` `[T, D]` and writes keys and values to the caches.
    func apply(to x: Tensor, layer index: Int, in pass: TextPass) {
        let backend = pass.backend
        backend.stage(.selfAttention) {
            let attended = attention(inputNorm(x, on: backend), layer: index, in: pass)
            backend.add(output(attended, on: backend), to: x)
        }
        backend.stage(.mlp) {
            backend.add(mlp(postNorm(x, on: backend), on: backend), to: x)
        }
    }

    private func attention(_ x: Tensor, layer index: Int, in pass: TextPass) -> Tensor {
        let backend = pass.backend
        let (queryRows, keyRows) = (queries(x, on: backend), keys(x, on: backend))  // [T, H*d]
        for rows in [queryRows, keyRows] {
            backend.rotate(
                rows,
                heads: configuration.headCount,
                positions: pass.positions,
                table: pass.rotary
            )
        }
        let valueRows = values(x, on: backend)
        let segments = pass.batch.sequences.map { sequence in
            sequence.cache.write(
                layer: index,
                keys: keyRows,
                values: valueRows,
                rows: sequence.rows,
                with: backend
            )
            return AttentionSegment(
                queryRows: sequence.rows,
                spans: sequence.cache.spans(layer: index, pending: sequence.rows.count),
                causal: true
            )
        }
        return backend.attention(
            queryRows,
            heads: configuration.headCount,
            scale: attentionScale(headWidth: configuration.headWidth),
            segments: segments
        )
    }
}
