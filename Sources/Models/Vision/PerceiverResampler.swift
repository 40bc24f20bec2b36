import Tensors

/// Turns any number of patch states into `L` latents per image.
///
/// Flamingo's resampler (Alayrac and others 2022) without time embedding. Norms are layer norms with bias as in the published weights, not the RMS norms that the model
/// card names.
struct PerceiverResampler: Sendable {
    private let configuration: PerceiverConfiguration
    /// `[L, E]`, the same start for every image.
    private let latents: Tensor
    private let blocks: [PerceiverBlock]
    private let finalNorm: LayerNorm

    /// ε of every norm here: the reference takes its framework's default, not the configuration's.
    static let epsilon: Float = 1e-5

    init(
        _ loader: WeightLoader,
        _ configuration: PerceiverConfiguration,
        width: Int,
        _ counter: inout LoadCounter
    ) throws {
        latents = try loader.floats("latents", [configuration.latentCount, width])
        blocks = try (0..<configuration.depth).map { index in
            defer { counter.advance() }
            return try PerceiverBlock(loader.scope("blocks.\(index)"), configuration, width: width)
        }
        finalNorm = try loader.layerNorm("layer_norm", width, epsilon: Self.epsilon)
        self.configuration = configuration
    }

    /// Resamples the states of `imageCount` images together, each on its own.
    /// - Parameters:
    ///   - context: `[N*P, E]`, the tower's states.
    ///   - imageCount: `N`.
    ///   - backend: computes.
    /// - Returns: `[N*L, E]` f32.
    func resample(
        _ context: Tensor,
        imageCount: Int,
        on backend: any ComputeBackend
    ) -> Tensor {
        let count = configuration.latentCount
        let x = Tensor(zeros: [imageCount * count, latents.columns])
        for image in 0..<imageCount {
            backend.copyRows(latents, rows: 0..<count, to: x, at: image * count)
        }
        for block in blocks {
            block.apply(to: x, context: context, imageCount: imageCount, on: backend)
        }
        return finalNorm(x, on: backend)
    }
}

/// Cross-attention from latents to context and latents, then an MLP.
private struct PerceiverBlock: Sendable {
    private let contextNorm: LayerNorm
    private let latentNorm: LayerNorm
    private let queries: Linear
    private let keys: Linear
    private let values: Linear
    private let output: Linear
    private let headNorms: (queries: LayerNorm, keys: LayerNorm)?
    private let mlpNorm: LayerNorm
    private let expand: Linear
    private let contract: Linear
    private let configuration: PerceiverConfiguration

    init(_ loader: WeightLoader, _ configuration: PerceiverConfiguration, width: Int) throws {
        let attention = loader.scope("0")
        let mlp = loader.scope("1")
        let inner = configuration.attentionWidth
        let epsilon = PerceiverResampler.epsilon
        contextNorm = try attention.layerNorm("context_layer_norm", width, epsilon: epsilon)
        latentNorm = try attention.layerNorm("latents_layer_norm", width, epsilon: epsilon)
        queries = try attention.linear("q_proj", inner, width)
        keys = try attention.linear("k_proj", inner, width)
        values = try attention.linear("v_proj", inner, width)
        output = try attention.linear("output_proj", width, inner)
        if configuration.normalisesQueriesAndKeys {
            let head = configuration.headWidth
            headNorms = (
                try attention.layerNorm("q_layer_norm", head, epsilon: epsilon),
                try attention.layerNorm("k_layer_norm", head, epsilon: epsilon)
            )
        } else {
            headNorms = nil
        }
        mlpNorm = try mlp.layerNorm("ln", width, epsilon: epsilon)
        expand = try mlp.linear("fc", 4 * width, width)
        contract = try mlp.linear("c_proj", width, 4 * width)
        self.configuration = configuration
    }

    /// Adds the block's contribution to the latents `x` `[N*L, E]`; `context` is `[N*P, E]`.
    func apply(
        to x: Tensor,
        context: Tensor,
        imageCount: Int,
        on backend: any ComputeBackend
    ) {
        let latents = latentNorm(x, on: backend)
        let seen = contextNorm(context, on: backend)
        let attended = attention(
            latents,
            seen,
            imageCount: imageCount,
            on: backend
        )
        backend.add(output(attended, on: backend), to: x)
        let inner = expand(mlpNorm(x, on: backend), on: backend)  // [N*L, 4E]
        backend.activate(inner, .relu)
        backend.add(contract(inner, on: backend), to: x)
    }

    private func attention(
        _ latents: Tensor,
        _ context: Tensor,
        imageCount: Int,
        on backend: any ComputeBackend
    ) -> Tensor {
        let queryRows = queries(latents, on: backend)
        headNorms?.queries.normaliseHeads(queryRows, on: backend)
        // Keys are the context's first, then the latents'.
        let sources = [context, latents].map { source in
            let keyRows = keys(source, on: backend)
            headNorms?.keys.normaliseHeads(keyRows, on: backend)
            return (
                keys: keyRows, values: values(source, on: backend), count: source.rows / imageCount
            )
        }
        let count = configuration.latentCount
        let segments = (0..<imageCount).map { image in
            AttentionSegment(
                queryRows: image * count..<(image + 1) * count,
                spans: sources.map { source in
                    KeyValueSpan(
                        keys: source.keys,
                        values: source.values,
                        range: image * source.count..<(image + 1) * source.count
                    )
                },
                causal: false
            )
        }
        return backend.attention(
            queryRows,
            heads: configuration.headCount,
            scale: attentionScale(headWidth: configuration.headWidth),
            segments: segments
        )
    }
}
