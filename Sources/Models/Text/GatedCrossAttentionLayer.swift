import Foundation
import Tensors

/// Lets text rows look at their image, behind tanh gates.
///
/// After Flamingo (Alayrac and others 2022):
/// `x += tanh(α_cross) · o(attention(norm x → image))`, then `x += tanh(α_dense) · mlp(norm x)`.
/// Images are used raw: no norm, no rotary positions. A row without image gets no attention, but
/// the MLP all the same: a text-only prompt is not plain LLaMA.
struct GatedCrossAttentionLayer: Sendable {
    private let inputNorm: RMSNorm
    private let queries: Linear
    private let keys: Linear
    private let values: Linear
    private let output: Linear
    private let headNorms: (queries: RMSNorm, keys: RMSNorm)?
    private let postNorm: RMSNorm
    private let mlp: GatedMLP
    /// `tanh(alpha_cross_attn)`, `[1]` or `[D]`.
    private let attentionGate: Tensor
    /// `tanh(alpha_dense)`, `[1]` or `[D]`.
    private let denseGate: Tensor
    private let configuration: LlamaConfiguration

    init(_ loader: WeightLoader, _ configuration: IdeficsConfiguration) throws {
        let text = configuration.text
        let (width, imageWidth) = (text.width, configuration.vision.width)
        let attention = loader.scope("cross_attn")
        inputNorm = try loader.rmsNorm("input_layernorm", width, epsilon: text.epsilon)
        queries = try attention.linear("q_proj", width, width)
        keys = try attention.linear("k_proj", width, imageWidth)
        values = try attention.linear("v_proj", width, imageWidth)
        output = try attention.linear("o_proj", width, width)
        headNorms =
            configuration.normalisesCrossQueriesAndKeys
            ? try Self.headNorms(attention, text) : nil
        postNorm = try loader.rmsNorm("post_attention_layernorm", width, epsilon: text.epsilon)
        mlp = try GatedMLP(loader.scope("mlp"), text)
        attentionGate = try Self.gate(loader, "alpha_cross_attn", configuration)
        denseGate = try Self.gate(loader, "alpha_dense", configuration)
        self.configuration = text
    }

    private static func headNorms(
        _ loader: WeightLoader,
        _ text: LlamaConfiguration
    ) throws -> (queries: RMSNorm, keys: RMSNorm) {
        (
            try loader.rmsNorm("q_layer_norm", text.headWidth, epsilon: text.epsilon),
            try loader.rmsNorm("k_layer_norm", text.headWidth, epsilon: text.epsilon)
        )
    }

    private static func gate(
        _ loader: WeightLoader,
        _ name: String,
        _ configuration: IdeficsConfiguration
    ) throws -> Tensor {
        let shape =
            switch configuration.gateKind {
            case .scalar: [1]
            case .vector: [1, 1, configuration.text.width]
            }
        let alpha = try loader.floats(name, shape).floats()
        return Tensor(alpha.map(tanh), shape: [alpha.count])
    }

    /// Keys and values of visual states, `[N*L, E]` to `[N*L, D]` each, f32.
    func keysAndValues(
        of states: Tensor,
        on backend: any ComputeBackend
    ) -> CrossKeysValues {
        let keyRows = keys(states, on: backend)
        headNorms?.keys.normaliseHeads(keyRows, on: backend)
        return CrossKeysValues(keys: keyRows, values: values(states, on: backend))
    }

    /// Adds the layer's contribution to `x` `[T, D]`.
    func apply(to x: Tensor, layer index: Int, in pass: TextPass) {
        let backend = pass.backend
        backend.stage(.crossAttention) {
            let attended = attention(inputNorm(x, on: backend), layer: index, in: pass)
            let attentionOutput = output(attended, on: backend)  // zero where no image is seen
            pass.tap?("cross\(index)_attn_out", attentionOutput)
            backend.addGated(attentionOutput, gate: attentionGate, maskedRows: nil, to: x)
        }
        backend.stage(.mlp) {
            let dense = mlp(postNorm(x, on: backend), on: backend)
            backend.addGated(dense, gate: denseGate, maskedRows: nil, to: x)
        }
    }

    private func attention(_ x: Tensor, layer index: Int, in pass: TextPass) -> Tensor {
        let queryRows = queries(x, on: pass.backend)  // [T, H*d]
        headNorms?.queries.normaliseHeads(queryRows, on: pass.backend)
        let segments = pass.imageRuns.map { run in
            let image = run.image.crossAttention[index]
            let span = KeyValueSpan(
                keys: image.keys,
                values: image.values,
                range: 0..<image.keys.rows
            )
            return AttentionSegment(queryRows: run.rows, spans: [span], causal: false)
        }
        return pass.backend.attention(
            queryRows,
            heads: configuration.headCount,
            scale: attentionScale(headWidth: configuration.headWidth),
            segments: segments
        )
    }
}
