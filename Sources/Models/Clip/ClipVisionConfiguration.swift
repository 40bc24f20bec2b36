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

    /// The dimensions of a layer.
    var layerShape: ClipLayerShape {
        ClipLayerShape(
            width: width,
            headCount: headCount,
            feedForwardWidth: feedForwardWidth,
            activation: activation,
            epsilon: epsilon
        )
    }

    /// Reads the `vision_config` of an IDEFICS checkpoint; absent keys have the defaults of the
    /// reference class.
    /// - Parameter object: the nested object.
    /// - Throws: `CheckpointError` for a wrong type or range, or dimensions that do not divide.
    public init(idefics object: ConfigurationObject) throws {
        try self.init(object, .idefics)
    }

    /// Reads the `vision_config` of a CLIP checkpoint; absent keys have the defaults of the
    /// reference class.
    /// - Parameter object: the nested object.
    /// - Throws: `CheckpointError` for a wrong type or range, or dimensions that do not divide.
    public init(clip object: ConfigurationObject) throws {
        try self.init(object, .clip)
    }

    /// What two families of checkpoints have differently.
    private struct Family {
        let widthKey: String
        let patchSize: Int
        let layerCount: Int
        let headCount: Int
        let feedForwardWidth: Int
        let activation: Activation

        static let idefics = Family(
            widthKey: "embed_dim",
            patchSize: 14,
            layerCount: 32,
            headCount: 16,
            feedForwardWidth: 5120,
            activation: .gelu
        )
        static let clip = Family(
            widthKey: "hidden_size",
            patchSize: 32,
            layerCount: 12,
            headCount: 12,
            feedForwardWidth: 3072,
            activation: .quickGelu
        )
    }

    private init(_ object: ConfigurationObject, _ family: Family) throws {
        width = try object.integer(family.widthKey, in: DimensionLimit.width, default: 768)
        imageSize = try object.integer("image_size", in: DimensionLimit.imageSize, default: 224)
        patchSize = try object.integer(
            "patch_size",
            in: DimensionLimit.imageSize,
            default: family.patchSize
        )
        layerCount = try object.integer(
            "num_hidden_layers",
            in: DimensionLimit.layers,
            default: family.layerCount
        )
        headCount = try object.integer(
            "num_attention_heads",
            in: DimensionLimit.heads,
            default: family.headCount
        )
        feedForwardWidth = try object.integer(
            "intermediate_size",
            in: DimensionLimit.width,
            default: family.feedForwardWidth
        )
        activation = try object.activation("hidden_act", default: family.activation)
        epsilon = try object.epsilon("layer_norm_eps", default: 1e-5)
        _ = try object.integer("num_channels", in: 3...3, default: 3)
        try object.requireDivides(("num_attention_heads", headCount), (family.widthKey, width))
        // The reference would silently ignore a border of the image; no published model has one.
        try object.requireDivides(("patch_size", patchSize), ("image_size", imageSize))
    }
}
