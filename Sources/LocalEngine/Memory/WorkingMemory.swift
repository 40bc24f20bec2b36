import Models

/// Bytes that activations take: the backend keeps the memory of results for the next ones.
///
/// A list of blocks by size for each phase of the model; what one phase leaves, the next one of
/// equal size takes. Elementwise temporaries smaller than a row block are left out.
struct WorkingMemory {
    /// How many blocks of a size exist at one time.
    private var blocks: [Int: Int] = [:]
    /// Bytes outside the backend's pool.
    private var outside = 0
    /// The most bytes in use at one time.
    private var peak = 0

    /// Bytes that stay in memory: what is in use, and what the pool keeps besides.
    var byteCount: Int {
        let all = blocks.reduce(0) { $0 + $1.key * $1.value }
        return outside + min(all, peak + Self.keptLimit)
    }

    /// What the backend's pool keeps unused, at most (`StoragePool.byteLimit`).
    private static let keptLimit = 1 << 28

    /// - Parameters:
    ///   - configuration: the model's.
    ///   - options: what the engine may use.
    ///   - logitRows: the most rows of logits of a pass.
    init(_ configuration: IdeficsConfiguration, _ options: LocalEngineOptions, logitRows: Int) {
        let operand = options.precision.operandByteCount
        addTower(configuration, operand: operand)
        addDecoder(configuration, rows: options.tokensPerPass, operand: operand)
        let rows = min(logitRows, DecoderPass.projectedRows)
        addPhase([rows * configuration.vocabularySize * 4: 1])
        guard configuration.additionalVocabularySize > 0 else { return }
        // Both vocabularies are joined outside the pool. The C library's allocator keeps twice the
        // largest block of up to 32 MiB that was given back (mallopt(3), M_TRIM_THRESHOLD).
        let joined = rows * configuration.logitCount * 4
        outside += joined + 2 * (joined <= 32 << 20 ? joined : 0)
    }

    private mutating func addTower(_ configuration: IdeficsConfiguration, operand: Int) {
        let vision = configuration.vision
        let images = max(1, Scheduler.towerRows / vision.positionCount)
        let rows = images * vision.positionCount
        let (wide, inner) = (rows * vision.width, rows * vision.feedForwardWidth)
        // Patches as an array and as a tensor.
        outside += 2 * images * vision.pixelCount * 4
        // States, normed, queries, keys, values, attended.
        addPhase([wide * 4: 6, wide * operand: 1])
        addPhase([wide * 4: 2, inner * 4: 1, inner * operand: 1])
        if let resampler = configuration.resampler {
            let latents = images * resampler.latentCount
            // Context and its norm, keys and values of it; the latents' are small beside them.
            addPhase([
                wide * 4: 2, rows * resampler.attentionWidth * 4: 2,
                latents * vision.width * 16: 1,
            ])
        }
        let states = images * configuration.stateCount * configuration.text.width
        addPhase([wide * 4: 1, states * 4: 2 * configuration.crossLayerCount])
    }

    private mutating func addDecoder(
        _ configuration: IdeficsConfiguration,
        rows: Int,
        operand: Int
    ) {
        let text = configuration.text
        let (wide, inner) = (rows * text.width, rows * text.feedForwardWidth)
        addPhase([wide * 4: 6, wide * operand: 1])
        addPhase([wide * 4: 3, inner * 4: 3, inner * operand: 1])
    }

    /// Adds a phase that has so many blocks of each size; equal sizes may stand twice.
    private mutating func addPhase(_ phase: KeyValuePairs<Int, Int>) {
        let counts = Dictionary(phase.map { ($0.key, $0.value) }, uniquingKeysWith: +)
        blocks.merge(counts, uniquingKeysWith: max)
        peak = max(peak, counts.reduce(0) { $0 + $1.key * $1.value })
    }
}

extension EnginePrecision {
    /// Bytes of one number of a matrix that activations are multiplied with.
    var weightByteCount: Int {
        switch self {
        case .f32: 4
        case .bf16: 2
        case .int8: 1
        }
    }

    /// Bytes of one number of activations rounded for a product; 0 where they are used as they are.
    var operandByteCount: Int {
        switch self {
        case .f32: 0
        case .bf16: 2
        case .int8: 1
        }
    }

    /// Bytes of one number in the caches of keys and values.
    var cacheByteCount: Int {
        switch self {
        case .f32: 4
        case .bf16: 2
        case .int8: 2
        }
    }
}
