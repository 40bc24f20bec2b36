/// A picture made small for a page, as JPEG bytes.
public struct Thumbnail: Sendable, Hashable {
    /// Pixels per row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// The JPEG file.
    public let bytes: [UInt8]
    /// Pixels per row of the picture itself.
    public let originalWidth: Int
    /// Rows of the picture itself.
    public let originalHeight: Int
}

/// Makes thumbnails: no metadata of the picture's file goes into them, and equal pixels give equal
/// bytes.
public struct ThumbnailMaker: Sendable {
    /// The longer side at most, in pixels; smaller pictures are not enlarged.
    public let side: Int
    private let decoder: ImageDecoder
    private static let quality = 80
    /// A strip does not get thinner than this, or than it is.
    private static let minimumSide = 4

    /// Creates a maker.
    /// - Precondition: `side` is in 16…1024.
    /// - Parameters:
    ///   - side: the longer side at most.
    ///   - decoder: reads the pictures.
    public init(side: Int = 256, decoder: ImageDecoder = ImageDecoder()) {
        precondition((16...1024).contains(side), "thumbnails of \(side) pixels")
        self.side = side
        self.decoder = decoder
    }

    /// The thumbnail of a picture file.
    /// - Parameter path: a JPEG or PNG file.
    /// - Returns: the thumbnail.
    /// - Throws: ``ImageError``.
    public func thumbnail(ofFileAt path: String) throws -> Thumbnail {
        try thumbnail(of: try decoder.decode(fileAt: path).image, named: path)
    }

    /// The thumbnail of a decoded picture: Pillow's bicubic resize, which averages where it
    /// shrinks.
    /// - Parameters:
    ///   - image: the picture.
    ///   - source: what errors call it.
    /// - Returns: the thumbnail.
    /// - Throws: ``ImageError``.
    public func thumbnail(of image: RGBImage, named source: String) throws -> Thumbnail {
        let factor = min(1, Double(side) / Double(max(image.width, image.height)))
        let small =
            factor < 1
            ? image.resized(
                toWidth: Self.scaled(image.width, factor),
                height: Self.scaled(image.height, factor)
            ) : image
        do {
            return Thumbnail(
                width: small.width,
                height: small.height,
                bytes: try ImageCodec.jpeg(of: small, quality: Self.quality),
                originalWidth: image.width,
                originalHeight: image.height
            )
        } catch let refusal as ImageCodec.Refusal {
            throw ImageError(source: source, reason: refusal.reason(.jpeg))
        }
    }

    private static func scaled(_ length: Int, _ factor: Double) -> Int {
        max(min(length, minimumSide), Int((Double(length) * factor).rounded()))
    }
}
