/// Turns pictures into unit vectors whose dot product says how alike they look.
///
/// Implementations: CLIP in the local engine, a table in tests. Vectors depend on the picture
/// alone: not on its neighbours, its file's name or the order.
public protocol ImageEmbedder: AnyObject {
    /// What identifies the vectors that this embedder makes.
    var provenance: EmbedderProvenance { get }

    /// Embeds picture files and keeps what is finished for the next time.
    /// - Parameters:
    ///   - paths: picture files; equal paths are embedded once.
    ///   - deliver: takes the embedding of the path at an index, or why there is none; called once
    ///     for each index, in any order, on the calling thread. An error that it throws ends the
    ///     work.
    ///   - cancellation: polled between batches.
    /// - Throws: what `deliver` throws, errors of the embedder itself, `CancellationError`.
    func embed(
        _ paths: [String],
        deliver: (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void,
        cancellation: Cancellation
    ) throws
}

/// What a similarity owes to the embedder that made it.
public struct EmbedderProvenance: Sendable, Hashable, Codable {
    /// Name for people: the checkpoint folder's name.
    public var name: String
    /// SHA-256 (hex) over weights, image processor, precision and kernel set.
    public var digest: String
    /// Numbers of a vector.
    public var width: Int

    /// Creates a provenance.
    public init(name: String, digest: String, width: Int) {
        self.name = name
        self.digest = digest
        self.width = width
    }
}

/// What an embedder makes of a picture.
public struct PictureEmbedding: Sendable, Hashable {
    /// Tells pictures apart that the embedder sees differently; equal for equal pixels.
    public var pixelDigest: PixelDigest
    /// `[P]`, of length 1.
    public var vector: [Float]

    /// Creates an embedding.
    public init(pixelDigest: PixelDigest, vector: [Float]) {
        self.pixelDigest = pixelDigest
        self.vector = vector
    }
}

/// SHA-256 of a picture's pixel values, in 32 bytes without a heap cell: there may be millions.
public struct PixelDigest: Sendable, Hashable {
    @usableFromInline let words: SIMD4<UInt64>

    /// Takes the 32 bytes of a SHA-256.
    /// - Precondition: there are 32.
    @inlinable  // specialised where it is used: opening a cache makes millions
    public init(_ bytes: some Collection<UInt8>) {
        precondition(bytes.count == 32, "a SHA-256 of \(bytes.count) bytes")
        var words = SIMD4<UInt64>()
        for (index, byte) in bytes.enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.words = words
    }

    /// The 32 bytes.
    @inlinable public var bytes: [UInt8] {
        (0..<32).map { UInt8(truncatingIfNeeded: words[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) }
    }
}
