public import Checkpoints
public import Tensors

/// The dimensions of a LLaMA decoder.
public struct LlamaConfiguration: Sendable, Equatable {
    /// `D`, the width of the hidden states (`hidden_size`).
    public let width: Int
    /// `F`, the width inside the MLP (`intermediate_size`).
    public let feedForwardWidth: Int
    /// Decoder layers (`num_hidden_layers`).
    public let layerCount: Int
    /// `H`, attention heads (`num_attention_heads`); each has its own keys and values.
    public let headCount: Int
    /// The MLP's activation (`hidden_act`), also in the cross layers.
    public let activation: Activation
    /// Of every RMS norm (`rms_norm_eps`).
    public let epsilon: Float

    /// `d`, the width of a head.
    public var headWidth: Int { width / headCount }

    /// Reads the text keys of an IDEFICS `config.json`.
    /// - Parameter object: the file's top-level object.
    /// - Throws: `CheckpointError` for a wrong type or range, or heads that do not divide the width
    ///   or cannot be rotated.
    public init(_ object: ConfigurationObject) throws {
        width = try object.integer("hidden_size", in: DimensionLimit.width, default: 4096)
        feedForwardWidth = try object.integer(
            "intermediate_size",
            in: DimensionLimit.width,
            default: 11_008
        )
        layerCount = try object.integer(
            "num_hidden_layers",
            in: DimensionLimit.layers,
            default: 32
        )
        headCount = try object.integer(
            "num_attention_heads",
            in: DimensionLimit.heads,
            default: 32
        )
        activation = try object.activation("hidden_act", default: .silu)
        epsilon = try object.epsilon("rms_norm_eps", default: 1e-6)
        try object.requireDivides(("num_attention_heads", headCount), ("hidden_size", width))
        guard headWidth.isMultiple(of: 2) else {
            throw object.failure(
                "num_attention_heads",
                "heads of width \(headWidth), expected an even width because rotary positions turn"
                    + " pairs of a head's elements; take the original file"
            )
        }
    }
}
