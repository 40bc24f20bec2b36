public import Checkpoints
public import Tensors

/// The dimensions of a CLIP vision tower.
public struct ClipVisionConfiguration: Sendable, Equatable {
    /// `E`, the width of the patch states.
    public let width: Int
    /// Side of the square input in pixels.
    public let imageSize: Int
    /// Side of a square patch in pixels.
    public let patchSize: Int
    /// Encoder layers.
    public let layerCount: Int
    /// Attention heads.
    public let headCount: Int
    /// Width inside the MLP.
    public let feedForwardWidth: Int
    /// The MLP's activation.
    public let activation: Activation
    /// Of every layer norm.
    public let epsilon: Float

    /// Patches per side.
    public var gridSize: Int { imageSize / patchSize }
    /// `P`, patches and the class token.
    public var positionCount: Int { gridSize * gridSize + 1 }
    /// Numbers in one patch: three channels of `patchSize²`.
    public var patchElementCount: Int { 3 * patchSize * patchSize }
    /// Numbers in one image `[3, S, S]`.
    public var pixelCount: Int { 3 * imageSize * imageSize }

    /// Reads an IDEFICS `vision_config`; absent keys have the defaults of the reference class.
    /// - Parameter object: the nested object.
    /// - Throws: `CheckpointError` for a wrong type or range, or dimensions that do not divide.
    public init(idefics object: ConfigurationObject) throws {
        width = try object.integer("embed_dim", in: DimensionLimit.width, default: 768)
        imageSize = try object.integer("image_size", in: DimensionLimit.imageSize, default: 224)
        patchSize = try object.integer("patch_size", in: DimensionLimit.imageSize, default: 14)
        layerCount = try object.integer(
            "num_hidden_layers",
            in: DimensionLimit.layers,
            default: 32
        )
        headCount = try object.integer(
            "num_attention_heads",
            in: DimensionLimit.heads,
            default: 16
        )
        feedForwardWidth = try object.integer(
            "intermediate_size",
            in: DimensionLimit.width,
            default: 5120
        )
        activation = try object.activation("hidden_act", default: .gelu)
        epsilon = try object.epsilon("layer_norm_eps", default: 1e-5)
        _ = try object.integer("num_channels", in: 3...3, default: 3)
        try object.requireDivides(("num_attention_heads", headCount), ("embed_dim", width))
        // The reference would silently ignore a border of the image; no published model has one.
        try object.requireDivides(("patch_size", patchSize), ("image_size", imageSize))
    }
}
