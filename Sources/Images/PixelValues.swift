public import InputFiles

/// The model's view of an image: normalised floats, channel by channel.
public struct PixelValues: Sendable, Hashable {
    /// Pixels per row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// The values `[3, height, width]` f32.
    public let values: [Float]

    /// Normalises an image.
    /// - Parameters:
    ///   - image: the image in its final size.
    ///   - normalization: the value of each byte.
    public init(_ image: RGBImage, _ normalization: PixelNormalization) {
        width = image.width
        height = image.height
        let pixelCount = image.width * image.height
        let samples = image.bytes.span
        let table = normalization.table.span
        values = [Float](capacity: 3 * pixelCount) { output in
            for channel in 0..<3 {
                for pixel in 0..<pixelCount {
                    output.append(table[256 * channel + Int(samples[3 * pixel + channel])])
                }
            }
        }
    }

    /// The SHA-256 of the values as little-endian f32: what identifies an image in caches and
    /// prompt digests, whatever file it came from.
    public var digest: SHA256Digest {
        var hasher = SHA256Hasher()
        hasher.update(unsafe values.span.bytes)
        return hasher.finalize()
    }
}
