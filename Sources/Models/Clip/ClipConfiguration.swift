public import Checkpoints
public import Tensors

/// A CLIP `config.json`, checked: every value is one that a model can have.
///
/// Absent keys have the defaults of the reference class, which published files rely on.
public struct ClipConfiguration: Sendable, Equatable {
    /// `P`, the width of embeddings; the top level's `projection_dim` counts.
    public let projectionWidth: Int
    /// The image tower.
    public let vision: ClipVisionConfiguration
    /// The text tower.
    public let text: ClipTextConfiguration

    /// Reads and checks a configuration.
    /// - Parameter object: the top-level object of `config.json`.
    /// - Throws: `CheckpointError` for a wrong type or range, or values that do not fit together,
    ///   with file, line and key.
    public init(_ object: ConfigurationObject) throws {
        let name = try object.string("model_type")
        guard name == "clip" else {
            throw object.failure(
                "model_type",
                "expected \"clip\", got \(name.map(object.quoted) ?? "nothing"); pictures are"
                    + " compared by the folder of a CLIPModel, such as clip-vit-base-patch32"
            )
        }
        projectionWidth = try object.integer(
            "projection_dim",
            in: DimensionLimit.width,
            default: 512
        )
        vision = try ClipVisionConfiguration(clip: Self.tower("vision_config", of: object))
        text = try ClipTextConfiguration(Self.tower("text_config", of: object))
    }

    /// A tower's object.
    ///
    /// Published files may have it twice, the older one as `…_dict`: the reference takes that one
    /// then, with the class's defaults for what it leaves out.
    private static func tower(
        _ key: String,
        of object: ConfigurationObject
    ) throws -> ConfigurationObject {
        let older = try object.object(key + "_dict")
        return object.isObject(key + "_dict") ? older : try object.object(key)
    }
}

/// The dimensions of a CLIP text tower.
public struct ClipTextConfiguration: Sendable, Equatable {
    /// `D`, the width of the token states.
    public let width: Int
    /// Layers.
    public let layerCount: Int
    /// Attention heads.
    public let headCount: Int
    /// Width inside the MLP.
    public let feedForwardWidth: Int
    /// The MLP's activation.
    public let activation: Activation
    /// Of every layer norm.
    public let epsilon: Float
    /// `V`.
    public let vocabularySize: Int
    /// The most tokens of a text, start and end included.
    public let positionCount: Int
    /// The token whose state stands for the text; nil for old files, whose `eos_token_id` is 2: there
    /// it is the largest id of the text.
    public let endToken: Int32?

    /// Reads a `text_config`.
    /// - Parameter object: the nested object.
    /// - Throws: `CheckpointError` for a wrong type or range, or dimensions that do not divide.
    public init(_ object: ConfigurationObject) throws {
        width = try object.integer("hidden_size", in: DimensionLimit.width, default: 512)
        layerCount = try object.integer(
            "num_hidden_layers",
            in: DimensionLimit.layers,
            default: 12
        )
        headCount = try object.integer("num_attention_heads", in: DimensionLimit.heads, default: 8)
        feedForwardWidth = try object.integer(
            "intermediate_size",
            in: DimensionLimit.width,
            default: 2048
        )
        activation = try object.activation("hidden_act", default: .quickGelu)
        epsilon = try object.epsilon("layer_norm_eps", default: 1e-5)
        vocabularySize = try object.integer(
            "vocab_size",
            in: DimensionLimit.vocabulary,
            default: 49_408
        )
        positionCount = try object.integer(
            "max_position_embeddings",
            in: 2...1 << 16,
            default: 77
        )
        let end = try object.integer("eos_token_id", in: 0...Int(Int32.max), default: 49_407)
        endToken = end == 2 ? nil : Int32(end)
        try object.requireDivides(("num_attention_heads", headCount), ("hidden_size", width))
    }

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
}
