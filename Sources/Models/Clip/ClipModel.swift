public import Checkpoints
public import Tensors

/// A CLIP model: pictures and texts to vectors of one space (Radford and others 2021).
///
/// Immutable after loading. Each vector depends only on its own picture or text, bit for bit: what
/// else is in the batch and how many threads compute change nothing. Vectors are not normalised.
public final class ClipModel: Sendable {
    /// The checkpoint's configuration.
    public let configuration: ClipConfiguration
    /// What computes.
    public let backend: any ComputeBackend

    private let vision: ClipVisionTower
    private let visionNorm: LayerNorm
    private let visionProjection: LinearWeight
    private let text: ClipTextTower
    private let textProjection: LinearWeight

    /// Loads a checkpoint.
    /// - Parameters:
    ///   - folder: the opened checkpoint folder.
    ///   - backend: prepares the weights and computes; decides the precision.
    ///   - progress: called with the blocks loaded and the blocks in all, from 0 on.
    /// - Throws: `CheckpointError` for a configuration that no model can have, or a tensor that is
    ///   missing or has another shape or dtype.
    public init(
        _ folder: CheckpointFolder,
        backend: any ComputeBackend,
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let configuration = try ClipConfiguration(folder.configuration)
        let (visionShape, textShape) = (configuration.vision, configuration.text)
        var counter = LoadCounter(
            total: visionShape.layerCount + textShape.layerCount,
            report: progress
        )
        let loader = WeightLoader(reader: folder.weights, backend: backend)
        let width = configuration.projectionWidth
        let visionLoader = loader.scope("vision_model")
        vision = try ClipVisionTower(visionLoader, visionShape, &counter)
        visionNorm = try visionLoader.layerNorm(
            "post_layernorm",
            visionShape.width,
            epsilon: visionShape.epsilon
        )
        visionProjection = try loader.matrix(
            "visual_projection.weight",
            [width, visionShape.width]
        )
        text = try ClipTextTower(loader.scope("text_model"), textShape, &counter)
        textProjection = try loader.matrix("text_projection.weight", [width, textShape.width])
        self.configuration = configuration
        self.backend = backend
    }

    /// Embeds pictures together.
    /// - Parameter pixels: normalised pixel values `[3, S, S]` f32 per picture, `S` the
    ///   configuration's `vision.imageSize`.
    /// - Returns: `[N, P]` f32.
    /// - Precondition: each picture has `3·S·S` values.
    public func embed(pictures pixels: [[Float]]) -> Tensor {
        let states = vision.encode(pixels, on: backend, tap: nil)  // [N*P, E]
        let positions = configuration.vision.positionCount
        let classRows = pixels.indices.map { Int32($0 * positions) }
        let pooled = visionNorm(backend.gatherRows(states, indices: classRows), on: backend)
        return backend.linear(pooled, visionProjection, bias: nil)
    }

    /// Embeds texts together.
    /// - Parameter tokens: ids per text, start and end token included.
    /// - Returns: `[N, P]` f32.
    /// - Precondition: each text has 1…`text.positionCount` ids of the vocabulary.
    public func embed(texts tokens: [[Int32]]) -> Tensor {
        backend.linear(text.encode(tokens, on: backend), textProjection, bias: nil)
    }
}
