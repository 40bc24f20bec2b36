public import EvalCore
internal import Foundation

/// An embedder whose pictures are text files with a number in them: each is a point on a half
/// circle, so that near numbers look alike.
///
/// `12` and `12 copy` show the same pixels; a file without a number cannot be embedded.
public final class LineEmbedder: ImageEmbedder {
    /// What identifies its vectors; tests change it.
    public var provenance = EmbedderProvenance(
        name: "line",
        digest: String(repeating: "e", count: 64),
        width: 2
    )
    /// How many pictures were asked for.
    public private(set) var askedCount = 0

    /// Creates an embedder.
    public init() {}

    /// Embeds picture files; see `ImageEmbedder`.
    public func embed(
        _ paths: [String],
        deliver: (Int, Result<PictureEmbedding, SampleFailure>) throws -> Void,
        cancellation: Cancellation
    ) throws {
        // Any order is allowed, so tests see an unusual one.
        for index in paths.indices.reversed() {
            if cancellation.isCancelled { throw CancellationError() }
            askedCount += 1
            try deliver(index, result(paths[index]))
        }
    }

    private func result(_ path: String) -> Result<PictureEmbedding, SampleFailure> {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        guard let number = text.split(separator: " ").first.flatMap({ Double($0) }) else {
            return .failure(
                SampleFailure(code: "image_unreadable", message: "\(path): no picture")
            )
        }
        let bits = number.bitPattern
        let digest = PixelDigest(
            (0..<32).map { UInt8(truncatingIfNeeded: bits >> UInt64($0 % 8 * 8)) }
        )
        return .success(PictureEmbedding(pixelDigest: digest, vector: Self.vector(number)))
    }

    /// The point of a number in 0…3,000.
    public static func vector(_ number: Double) -> [Float] {
        [Float(cos(number / 1000)), Float(sin(number / 1000))]
    }
}
