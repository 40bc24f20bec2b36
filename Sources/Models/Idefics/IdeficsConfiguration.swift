public import Checkpoints

/// An IDEFICS `config.json`, checked: every value is one that a model can have.
///
/// Absent keys have the defaults of the reference class; unknown keys are ignored, since published
/// files carry leftovers.
public struct IdeficsConfiguration: Sendable, Equatable {
    /// Shape of the tanh gates of the cross layers.
    public enum GateKind: Sendable, Equatable {
        /// One number: `[1]`.
        case scalar
        /// One number per channel: `[1, 1, D]`.
        case vector
    }

    /// `V`, rows of the base vocabulary (`vocab_size`).
    public let vocabularySize: Int
    /// `A`, rows for added tokens (`additional_vocab_size`).
    public let additionalVocabularySize: Int
    /// The decoder.
    public let text: LlamaConfiguration
    /// A cross layer stands before every decoder layer whose index this divides.
    public let crossLayerInterval: Int
    /// Whether cross-attention normalises queries and keys per head (`qk_layer_norms`).
    public let normalisesCrossQueriesAndKeys: Bool
    /// `alpha_type`.
    public let gateKind: GateKind
    /// Whether the head multiplies with the embeddings (`tie_word_embeddings`).
    public let tiesEmbeddings: Bool
    /// The image encoder.
    public let vision: ClipVisionConfiguration
    /// The resampler; without one the decoder sees all patch states.
    public let resampler: PerceiverConfiguration?
    /// `max_position_embeddings`, which bounds prompts; not part of the reference class.
    public let maximumPositionCount: Int?
    /// `eos_token_id`, one or many.
    public let endTokens: [Int32]

    /// `V + A`, the columns of the logits.
    public var logitCount: Int { vocabularySize + additionalVocabularySize }
    /// Gated cross-attention layers.
    public var crossLayerCount: Int { text.layerCount / crossLayerInterval }
    /// `L`, visual states per image.
    public var stateCount: Int { resampler?.latentCount ?? vision.positionCount }
    /// Layers of all kinds: what loading counts.
    var blockCount: Int {
        vision.layerCount + (resampler?.depth ?? 0) + crossLayerCount + text.layerCount
    }

    /// Reads and checks a configuration.
    /// - Parameter object: the top-level object of `config.json`.
    /// - Throws: `CheckpointError` for a wrong type or range, or values that do not fit together,
    ///   with file, line and key.
    public init(_ object: ConfigurationObject) throws {
        try Self.requireArchitecture(object)
        let vocabulary = try object.integer(
            "vocab_size",
            in: DimensionLimit.vocabulary,
            default: 32_000
        )
        let additional = try object.integer(
            "additional_vocab_size",
            in: 0...DimensionLimit.vocabulary.upperBound,
            default: 0
        )
        (vocabularySize, additionalVocabularySize) = (vocabulary, additional)
        text = try LlamaConfiguration(object)
        crossLayerInterval = try object.integer(
            "cross_layer_interval",
            in: DimensionLimit.layers,
            default: 1
        )
        try object.requireDivides(
            ("cross_layer_interval", crossLayerInterval),
            ("num_hidden_layers", text.layerCount)
        )
        normalisesCrossQueriesAndKeys = try object.flag("qk_layer_norms", default: false)
        gateKind = try Self.gateKind(object)
        tiesEmbeddings = try object.flag("tie_word_embeddings", default: false)
        vision = try ClipVisionConfiguration(idefics: object.object("vision_config"))
        let usesResampler = try object.flag("use_resampler", default: false)
        resampler =
            usesResampler ? try PerceiverConfiguration(object.object("perceiver_config")) : nil
        maximumPositionCount = try object.optionalInteger(
            "max_position_embeddings",
            in: 1...Int(Int32.max)
        )
        endTokens = try object.tokens("eos_token_id", below: vocabulary + additional) ?? [2]
    }

    private static func requireArchitecture(_ object: ConfigurationObject) throws {
        let name = try object.string("model_type")
        guard name == "idefics" else {
            throw object.failure(
                "model_type",
                "expected \"idefics\", got \(name.map(object.quoted) ?? "nothing");"
                    + " --model takes the folder of an IDEFICS checkpoint"
            )
        }
    }

    private static func gateKind(_ object: ConfigurationObject) throws -> GateKind {
        switch try object.string("alpha_type") {
        case nil, "float": return .scalar
        case "vector": return .vector
        case let name?:
            throw object.failure(
                "alpha_type",
                "expected \"float\" or \"vector\", got \(object.quoted(name))"
            )
        }
    }
}

/// What `generation_config.json` sets; `config.json` where the file or the key is missing.
public struct GenerationDefaults: Sendable, Equatable {
    /// Tokens that end a generation.
    public let endTokens: [Int32]

    /// Reads the defaults of a checkpoint.
    /// - Parameters:
    ///   - folder: the opened checkpoint folder.
    ///   - configuration: the checkpoint's configuration.
    /// - Throws: `CheckpointError` for an end token that is none.
    public init(_ folder: CheckpointFolder, _ configuration: IdeficsConfiguration) throws {
        let stated = try folder.generationConfiguration?.tokens(
            "eos_token_id",
            below: configuration.logitCount
        )
        endTokens = stated ?? configuration.endTokens
    }
}
