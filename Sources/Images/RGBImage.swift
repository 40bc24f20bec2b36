/// An image of 8-bit red, green and blue samples without alpha.
public struct RGBImage: Sendable, Hashable {
    /// Pixels per row, at least 1.
    public let width: Int
    /// Rows, at least 1.
    public let height: Int
    /// The samples `[height, width, 3]` u8, row-major from the top left.
    public let bytes: [UInt8]

    /// Creates an image from its samples.
    /// - Precondition: both sides are positive and `bytes` holds `height * width * 3` samples.
    /// - Parameters:
    ///   - width: pixels per row.
    ///   - height: rows.
    ///   - bytes: the samples `[height, width, 3]`.
    public init(width: Int, height: Int, bytes: [UInt8]) {
        precondition(
            width > 0 && height > 0 && bytes.count == width * height * 3,
            "RGB image of \(width) x \(height) pixels from \(bytes.count) bytes"
        )
        self.width = width
        self.height = height
        self.bytes = bytes
    }
}
