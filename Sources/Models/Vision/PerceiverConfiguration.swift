public import Checkpoints

/// The dimensions of a perceiver resampler.
public struct PerceiverConfiguration: Sendable, Equatable {
    /// `L`, latents per image (`resampler_n_latents`).
    public let latentCount: Int
    /// Blocks of attention and MLP (`resampler_depth`).
    public let depth: Int
    /// Attention heads (`resampler_n_heads`).
    public let headCount: Int
    /// `d`, the width of a head (`resampler_head_dim`); heads need not add up to the width.
    public let headWidth: Int
    /// Whether queries and keys are layer-normalised per head (`qk_layer_norms_perceiver`).
    public let normalisesQueriesAndKeys: Bool

    /// `H * d`.
    public var attentionWidth: Int { headCount * headWidth }

    /// Reads a `perceiver_config`; absent keys have the defaults of the reference class.
    /// - Parameter object: the nested object.
    /// - Throws: `CheckpointError` for a wrong type or range.
    public init(_ object: ConfigurationObject) throws {
        latentCount = try object.integer(
            "resampler_n_latents",
            in: DimensionLimit.latents,
            default: 64
        )
        depth = try object.integer("resampler_depth", in: DimensionLimit.layers, default: 6)
        headCount = try object.integer("resampler_n_heads", in: DimensionLimit.heads, default: 16)
        headWidth = try object.integer("resampler_head_dim", in: DimensionLimit.width, default: 96)
        normalisesQueriesAndKeys = try object.flag("qk_layer_norms_perceiver", default: false)
    }
}
