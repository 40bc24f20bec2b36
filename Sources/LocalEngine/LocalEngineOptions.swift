public import Tensors

/// How products are computed.
public enum EnginePrecision: String, Sendable, CaseIterable {
    /// The reference: weights up-cast to f32.
    case f32
    /// Operands rounded to bf16, sums in f32.
    case bf16
    /// Weights and activations as signed bytes with a scale per output and per row.
    case int8

    /// What the backend calls it.
    var products: Precision {
        switch self {
        case .f32: .f32
        case .bf16: .bf16
        case .int8: .int8
        }
    }
}

/// What a local engine may use.
///
/// Only `precision`, `kernelSet`, `maxPromptTokens` and `loadsTruncatedImages` can change a result.
public struct LocalEngineOptions: Sendable {
    /// How products are computed.
    public var precision: EnginePrecision
    /// Worker threads; nil takes all cores.
    public var threads: Int?
    /// Forces a lower kernel set than the CPU has; nil takes the best one.
    public var kernelSet: String?
    /// The most tokens of a prompt with its new ones; nil takes the checkpoint's own limit.
    public var maxPromptTokens: Int?
    /// Accepts truncated picture files and shows what there is of them, as the released code did.
    public var loadsTruncatedImages: Bool
    /// Positions per trip through the decoder, at least 1: more are faster, and later to notice a
    /// cancellation.
    public var tokensPerPass: Int
    /// Requests that share the decoder, at least 1.
    public var liveRequests: Int
    /// Bytes of image states kept for pictures that may come again.
    public var imageCacheBytes: Int
    /// Bytes of self-attention caches; a request that needs more runs alone.
    public var keyValueCacheBytes: Int
    /// Where the engine writes down what its time goes to; measuring takes next to none.
    public var profile: StageProfile?

    /// Creates options; the defaults suit a machine that just holds the model.
    public init(
        precision: EnginePrecision = .bf16,
        threads: Int? = nil,
        kernelSet: String? = nil,
        maxPromptTokens: Int? = nil,
        loadsTruncatedImages: Bool = false,
        tokensPerPass: Int = 512,
        liveRequests: Int = 64,
        imageCacheBytes: Int = 1 << 30,
        keyValueCacheBytes: Int = 1 << 30,
        profile: StageProfile? = nil
    ) {
        self.precision = precision
        self.threads = threads
        self.kernelSet = kernelSet
        self.maxPromptTokens = maxPromptTokens
        self.loadsTruncatedImages = loadsTruncatedImages
        self.tokensPerPass = max(1, tokensPerPass)
        self.liveRequests = max(1, liveRequests)
        self.imageCacheBytes = imageCacheBytes
        self.keyValueCacheBytes = keyValueCacheBytes
        self.profile = profile
    }
}
