public import Checkpoints
public import Tensors

/// Receives the name and value of an intermediate result.
///
/// The tensor is the model's working storage: read it inside the call. Names follow the reference
/// data: `embed`, `cross0_attn_out`, `cross0`, `layer0`, `final_norm`, `vision_embeddings`,
/// `vision_pre_layrnorm`, `vision_layer0` (several images one behind the other). `final_norm` has
/// the requested rows, the others all rows of the pass.
public typealias LayerTap = (_ name: String, _ value: Tensor) -> Void

/// An IDEFICS model: a LLaMA decoder that looks at images through gated cross-attention.
///
/// Immutable after loading; sequences keep their state in ``KeyValueCache``s. Every output row
/// depends only on its own sequence, bit for bit: what else is in the batch, how many threads
/// compute and whether a prefix is shared change nothing.
///
/// Shapes in this module, outermost first, row-major: `T` text rows of a pass, all sequences one
/// behind the other · `M` requested rows · `N` images · `P` patch positions with the class token ·
/// `L` visual states per image · `D` text width · `E` vision width · `H` heads · `d` head width ·
/// `F` width inside an MLP · `V` base vocabulary · `A` added tokens · `S` image side in pixels.
/// Weights are `[out, in]`.
public final class IdeficsModel: Sendable {
    /// The checkpoint's configuration.
    public let configuration: IdeficsConfiguration
    /// What computes.
    public let backend: any ComputeBackend

    private let embedding: DecoupledEmbedding
    private let imageEncoder: ImageEncoder
    private let crossLayers: [GatedCrossAttentionLayer]
    private let layers: [LlamaDecoderLayer]
    private let finalNorm: RMSNorm
    private let head: DecoupledHead
    private let rotary: RotaryTables

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
        let configuration = try IdeficsConfiguration(folder.configuration)
        var counter = LoadCounter(total: configuration.blockCount, report: progress)
        let loader = WeightLoader(reader: folder.weights, backend: backend)
        let inner = loader.scope("model")
        let text = configuration.text
        embedding = try DecoupledEmbedding(inner.scope("embed_tokens"), configuration)
        imageEncoder = try ImageEncoder(inner, configuration, &counter)
        crossLayers = try (0..<configuration.crossLayerCount).map { index in
            defer { counter.advance() }
            let scope = inner.scope("gated_cross_attn_layers.\(index)")
            return try GatedCrossAttentionLayer(scope, configuration)
        }
        layers = try (0..<text.layerCount).map { index in
            defer { counter.advance() }
            return try LlamaDecoderLayer(inner.scope("layers.\(index)"), text)
        }
        finalNorm = try inner.rmsNorm("norm", text.width, epsilon: text.epsilon)
        head = try DecoupledHead(loader, configuration, tiedTo: embedding)
        rotary = RotaryTables(headWidth: text.headWidth)
        self.configuration = configuration
        self.backend = backend
    }

    /// Columns of the logits: base vocabulary and added tokens, `V + A`.
    public var logitCount: Int { configuration.logitCount }

    /// An empty cache for a new sequence.
    /// - Parameter positions: how many positions to make room for at the first pass; it grows
    ///   beyond when needed.
    /// - Returns: the cache; it takes no memory before the first pass.
    public func makeCache(expecting positions: Int = 0) -> KeyValueCache {
        KeyValueCache(
            layout: KeyValueCache.Layout(
                layerCount: configuration.text.layerCount,
                width: configuration.text.width,
                dtype: backend.cacheDType
            ),
            expectedCount: positions
        )
    }
}

// MARK: - Images

extension IdeficsModel {
    /// Encodes images together; each result depends on its own image only.
    ///
    /// Memory and speed grow with the number of images in one call: about eight is a good size.
    /// - Parameters:
    ///   - pixels: normalised pixel values `[3, S, S]` f32 per image, `S` the configuration's
    ///     `vision.imageSize`.
    ///   - tap: sees the tower's intermediate results.
    /// - Returns: visual states with the keys and values of every cross layer, in order.
    /// - Precondition: each image has `3·S·S` values.
    /// - Complexity: per image 375 GFLOP for the published geometry (ViT-H/14 at 224 pixels).
    public func encodeImages(_ pixels: [[Float]], tap: LayerTap? = nil) -> [ImageStates] {
        guard !pixels.isEmpty else { return [] }
        let states = imageEncoder.encode(pixels, on: backend, tap: tap)
        return imageStates(states, imageCount: pixels.count)
    }

    /// Adds the cross layers' keys and values to visual states made earlier.
    /// - Parameter states: `[L, E]` f32, the `states` of an image.
    /// - Returns: what `encodeImages` returned for the image.
    /// - Precondition: the shape is `[configuration.stateCount, configuration.vision.width]`.
    public func imageStates(from states: Tensor) -> ImageStates {
        let expected = [configuration.stateCount, configuration.vision.width]
        precondition(states.shape == expected, "visual states \(states.shape), not \(expected)")
        return imageStates(states, imageCount: 1)[0]
    }

    private func imageStates(_ states: Tensor, imageCount: Int) -> [ImageStates] {
        let packed = backend.stage(.crossAttention) {
            crossLayers.map { $0.keysAndValues(of: states, on: backend) }
        }
        let count = configuration.stateCount
        return (0..<imageCount).map { image in
            let rows = image * count..<(image + 1) * count
            return ImageStates(
                states: detached(states, rows: rows, dtype: .f32),
                crossAttention: packed.map { layer in
                    CrossKeysValues(
                        keys: detached(layer.keys, rows: rows, dtype: backend.cacheDType),
                        values: detached(layer.values, rows: rows, dtype: backend.cacheDType)
                    )
                }
            )
        }
    }

    /// A copy of rows that does not keep the rest of its source alive.
    private func detached(_ source: Tensor, rows: Range<Int>, dtype: DType) -> Tensor {
        let copy = Tensor(zeros: [rows.count, source.columns], dtype: dtype)
        backend.copyRows(source, rows: rows, to: copy, at: 0)
        return copy
    }
}

// MARK: - Text

extension IdeficsModel {
    /// Runs the decoder over a packed batch and appends its positions to the caches.
    /// - Parameters:
    ///   - batch: rows of at least one sequence.
    ///   - tap: sees the intermediate results.
    /// - Returns: hidden states after the final norm of the requested rows `[M, D]` f32, in
    ///   sequence order.
    /// - Precondition: token ids are below `logitCount`.
    public func hiddenStates(_ batch: PackedBatch, tap: LayerTap? = nil) -> Tensor {
        precondition(!batch.tokens.isEmpty, "hiddenStates: empty batch")
        for sequence in batch.sequences {
            sequence.cache.reserve(sequence.rows.count, with: backend)
        }
        let pass = TextPass(batch, rotary: rotary, backend: backend, tap: tap)
        let x = embedding.embed(batch.tokens, on: backend)  // [T, D]
        tap?("embed", x)
        for (index, layer) in layers.enumerated() {
            let (cross, remainder) = index.quotientAndRemainder(
                dividingBy: configuration.crossLayerInterval
            )
            if remainder == 0 {
                crossLayers[cross].apply(to: x, layer: cross, in: pass)
                tap?("cross\(cross)", x)
            }
            layer.apply(to: x, layer: index, in: pass)
            tap?("layer\(index)", x)
        }
        for sequence in batch.sequences {
            sequence.cache.advance(by: sequence.rows.count)
        }
        return requestedHiddenStates(x, batch, tap)
    }

    private func requestedHiddenStates(
        _ x: Tensor,
        _ batch: PackedBatch,
        _ tap: LayerTap?
    ) -> Tensor {
        let rows = batch.requestedRows
        let wanted = Tensor(zeros: [rows.count, x.columns])  // [M, D]
        for (target, row) in rows.enumerated() {
            backend.copyRows(x, rows: row..<row + 1, to: wanted, at: target)
        }
        guard !rows.isEmpty else { return wanted }
        let hidden = finalNorm(wanted, on: backend)
        tap?("final_norm", hidden)
        return hidden
    }

    /// Projects hidden states onto the vocabulary.
    /// - Parameter hidden: `[M, D]` f32, from `hiddenStates`.
    /// - Returns: logits `[M, V + A]` f32.
    /// - Complexity: `2·M·D·(V + A)` FLOP and `4·M·(V + A)` bytes: long prompts are best projected
    ///   some rows at a time.
    public func logits(of hidden: Tensor) -> Tensor {
        guard hidden.rows > 0 else { return Tensor(zeros: [0, logitCount]) }
        return backend.stage(.head) { head.logits(of: hidden, on: backend) }
    }

    /// Runs the decoder and projects the requested rows: `logits(of: hiddenStates(batch))`.
    /// - Parameters:
    ///   - batch: rows of at least one sequence.
    ///   - tap: sees the intermediate results.
    /// - Returns: logits `[M, V + A]` f32 of the requested rows, in sequence order.
    public func forward(_ batch: PackedBatch, tap: LayerTap? = nil) -> Tensor {
        logits(of: hiddenStates(batch, tap: tap))
    }
}
