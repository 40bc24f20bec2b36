/// Where an embedder stands.
public struct EmbeddingProgress: Sendable, Hashable {
    /// Pictures asked for.
    public var total = 0
    /// Pictures that were delivered.
    public var finished = 0
    /// Those of them that cannot be embedded.
    public var failed = 0
    /// Those of them that were computed now.
    public var encoded = 0
    /// Seconds since the first picture was asked for.
    public var seconds = 0.0
}

/// What a caller is told while pictures are embedded.
public enum EmbeddingEvent: Sendable {
    /// Blocks of the encoder that are loaded, and blocks in all.
    case loading(done: Int, total: Int)
    /// Pictures were finished.
    case progress(EmbeddingProgress)
    /// A file of the cache was not whole; its embeddings are made again.
    case cacheDamaged(String)
}
