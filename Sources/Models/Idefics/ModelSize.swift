/// How large a model is and what it costs to compute, from its configuration alone.
///
/// Counts what ``IdeficsModel`` asks a checkpoint for; leftovers of published files, such as the
/// tower's unused final norm, are not part of it.
public struct ModelSize: Sendable, Equatable {
    /// A part of the model by kind of number.
    public struct Part: Sendable, Equatable {
        /// Numbers in matrices that activations are multiplied with.
        public var matrix = 0
        /// Numbers in biases, norms, positions and gates, which are kept in f32.
        public var vector = 0

        /// All numbers.
        public var count: Int { matrix + vector }
    }

    /// The image encoder.
    public let tower: Part
    /// The perceiver resampler; empty where there is none.
    public let resampler: Part
    /// All gated cross-attention layers.
    public let crossLayers: Part
    /// All decoder layers with the final norm.
    public let decoder: Part
    /// The output projection; empty where it is tied to the embedding.
    public let head: Part
    /// Numbers of the token embedding, a table that is looked up.
    public let embedding: Int

    /// All parameters.
    public var parameterCount: Int {
        [tower, resampler, crossLayers, decoder, head].reduce(embedding) { $0 + $1.count }
    }

    /// All numbers in matrices.
    public var matrixCount: Int {
        [tower, resampler, crossLayers, decoder, head].reduce(0) { $0 + $1.matrix }
    }

    /// All numbers that are kept in f32.
    public var vectorCount: Int { parameterCount - matrixCount - embedding }

    /// Counts the parameters of a configuration.
    public init(_ configuration: IdeficsConfiguration) {
        let text = configuration.text
        let table = configuration.logitCount * text.width
        tower = Self.tower(configuration.vision)
        resampler =
            configuration.resampler.map {
                Self.resampler($0, width: configuration.vision.width)
            } ?? Part()
        crossLayers = Self.crossLayers(configuration)
        decoder = Part(
            matrix: text.layerCount * Self.layerMatrices(text),
            vector: text.layerCount * 2 * text.width + text.width
        )
        head = configuration.tiesEmbeddings ? Part() : Part(matrix: table)
        embedding = table
    }

    private static func tower(_ vision: ClipVisionConfiguration) -> Part {
        let (width, inner) = (vision.width, vision.feedForwardWidth)
        let layer = Part(
            matrix: 4 * width * width + 2 * width * inner,
            vector: 4 * width + inner + width + 4 * width  // biases, two norms
        )
        return Part(
            matrix: width * vision.patchElementCount + vision.layerCount * layer.matrix,
            // Class token, positions, first norm.
            vector: width + vision.positionCount * width + 2 * width
                + vision.layerCount * layer.vector
        )
    }

    private static func resampler(_ shape: PerceiverConfiguration, width: Int) -> Part {
        let headNorms = shape.normalisesQueriesAndKeys ? 4 * shape.headWidth : 0
        return Part(
            matrix: shape.depth * (4 * width * shape.attentionWidth + 8 * width * width),
            // Latents, three norms of each block, the last norm.
            vector: shape.latentCount * width + shape.depth * (6 * width + headNorms) + 2 * width
        )
    }

    private static func crossLayers(_ configuration: IdeficsConfiguration) -> Part {
        let text = configuration.text
        let (width, imageWidth) = (text.width, configuration.vision.width)
        let attention = 2 * width * width + 2 * width * imageWidth
        let headNorms = configuration.normalisesCrossQueriesAndKeys ? 2 * text.headWidth : 0
        let gates = configuration.gateKind == .scalar ? 2 : 2 * width
        return Part(
            matrix: configuration.crossLayerCount * (attention + mlpMatrices(text)),
            vector: configuration.crossLayerCount * (2 * width + headNorms + gates)
        )
    }

    private static func layerMatrices(_ text: LlamaConfiguration) -> Int {
        4 * text.width * text.width + mlpMatrices(text)
    }

    private static func mlpMatrices(_ text: LlamaConfiguration) -> Int {
        3 * text.width * text.feedForwardWidth
    }
}

/// Floating-point operations of a model, a multiplication and an addition counted as two.
public struct ModelCost: Sendable, Equatable {
    /// One picture through tower and resampler, with its keys and values for the cross layers.
    public let picture: Double
    /// One token through cross and decoder layers, attention left out.
    public let token: Double
    /// What one token adds for each position that it sees.
    public let position: Double
    /// One row of logits.
    public let logits: Double

    /// Counts the operations of a configuration.
    public init(_ configuration: IdeficsConfiguration) {
        let size = ModelSize(configuration)
        let (text, vision) = (configuration.text, configuration.vision)
        let stateProjections =
            configuration.crossLayerCount * 2 * text.width * vision.width  // once per picture
        let states = configuration.stateCount
        picture =
            Self.tower(vision, size)
            + (configuration.resampler.map { Self.resampler($0, vision) } ?? 0)
            + 2 * Double(states) * Double(stateProjections)
        token =
            2 * Double(size.decoder.matrix + size.crossLayers.matrix - stateProjections)
            + 4 * Double(configuration.crossLayerCount * text.width * states)
        position = 4 * Double(text.layerCount * text.width)
        logits = 2 * Double(configuration.logitCount * text.width)
    }

    private static func tower(_ vision: ClipVisionConfiguration, _ size: ModelSize) -> Double {
        let positions = Double(vision.positionCount)
        let scores = 4 * positions * positions * Double(vision.layerCount * vision.width)
        return 2 * positions * Double(size.tower.matrix) + scores
    }

    private static func resampler(
        _ shape: PerceiverConfiguration,
        _ vision: ClipVisionConfiguration
    ) -> Double {
        let latents = Double(shape.latentCount)
        let seen = Double(vision.positionCount) + latents
        let inner = Double(vision.width * shape.attentionWidth)
        let mlp = Double(8 * vision.width * vision.width)
        let block =
            2 * (latents * (2 * inner + mlp) + seen * 2 * inner)
            + 4 * latents * seen * Double(shape.attentionWidth)
        return block * Double(shape.depth)
    }
}
