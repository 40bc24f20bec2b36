public import Tensors

/// What the decoder sees of one image: made once per image, used by every prompt that shows it.
public final class ImageStates: Sendable {
    /// Visual states `[L, E]` f32: resampled latents, or all patch states without a resampler.
    public let states: Tensor
    /// Per gated cross-attention layer: keys and values of the states.
    let crossAttention: [CrossKeysValues]

    init(states: Tensor, crossAttention: [CrossKeysValues]) {
        self.states = states
        self.crossAttention = crossAttention
    }

    /// Bytes held: states, keys and values.
    public var byteCount: Int {
        crossAttention.reduce(states.count * states.dtype.byteCount) { sum, layer in
            sum + 2 * layer.keys.count * layer.keys.dtype.byteCount
        }
    }
}

/// Keys and values `[L, H*d]` of one image in one gated cross-attention layer, cache dtype.
struct CrossKeysValues: Sendable {
    let keys: Tensor
    let values: Tensor
}
