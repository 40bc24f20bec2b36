/// Everything between a decoded image and the model: framing to a square, then normalising.
public struct ImageTransform: Sendable, Hashable {
    /// How an image becomes a square.
    public enum Framing: Sendable, Hashable {
        /// Both axes are resized on their own, whatever the aspect ratio (IDEFICS).
        case stretch
        /// The shorter edge is resized to so many pixels and the middle cut out (CLIP).
        case centreSquare(shorterEdge: Int)
    }

    /// Pixels of each edge.
    public let side: Int
    /// How an image becomes a square.
    public let framing: Framing
    /// The value of each byte.
    public let normalization: PixelNormalization

    /// Creates a transform.
    /// - Precondition: `side` is in 1…4096, and no more than the shorter edge.
    /// - Parameters:
    ///   - side: pixels of each edge, `image_size` of the checkpoint.
    ///   - framing: how an image becomes a square.
    ///   - normalization: the value of each byte.
    public init(
        side: Int,
        framing: Framing = .stretch,
        normalization: PixelNormalization = .clip
    ) {
        precondition((1...4096).contains(side), "image transform to \(side) pixels")
        self.side = side
        self.framing = framing
        self.normalization = normalization
    }

    /// The framed image.
    /// - Parameter image: any image.
    /// - Returns: `side` x `side` pixels.
    public func framed(_ image: RGBImage) -> RGBImage {
        switch framing {
        case .stretch: image.resized(toWidth: side, height: side)
        case .centreSquare(let shorterEdge):
            image.centreSquare(side, shorterEdge: shorterEdge)
        }
    }

    /// The model's view of an image.
    /// - Parameter image: any image.
    /// - Returns: values `[3, side, side]`.
    public func pixelValues(of image: RGBImage) -> PixelValues {
        PixelValues(framed(image), normalization)
    }
}
