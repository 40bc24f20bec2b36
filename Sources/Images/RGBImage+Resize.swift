import CImageCodecs

extension RGBImage {
    /// A rectangle of pixels.
    struct Window {
        var x: Int
        var y: Int
        var width: Int
        var height: Int
    }

    /// Pillow's `resize((width, height), BICUBIC)`, bit for bit.
    ///
    /// Keys' kernel with a = -0.5, widened when it shrinks; fixed-point weights; horizontal pass
    /// first, rounded to bytes, then the vertical one (the other way round for images over 100
    /// times as high as wide that get lower). An image that has the size already stays as it is.
    /// - Precondition: both sides are in 1…``ImageDecoder/maximumSide``.
    /// - Parameters:
    ///   - width: pixels per row of the result.
    ///   - height: rows of the result.
    /// - Returns: the resized image.
    /// - Complexity: each axis costs its input side times 4, or its output side times 5 if larger,
    ///   per line across.
    public func resized(toWidth width: Int, height: Int) -> RGBImage {
        precondition(
            (1...ImageDecoder.maximumSide).contains(width)
                && (1...ImageDecoder.maximumSide).contains(height),
            "resize to \(width) x \(height) pixels"
        )
        if (width, height) == (self.width, self.height) { return self }
        return resized(
            toWidth: width,
            height: height,
            window: Window(x: 0, y: 0, width: width, height: height)
        )
    }

    /// The middle square of the image after its shorter edge is resized to `side` (CLIP).
    ///
    /// The longer edge is truncated to whole pixels, as in the Hugging Face processor; only the
    /// square is computed, so that a strip of any length costs little.
    /// - Precondition: `side` is in 1…4096.
    /// - Parameter side: pixels of each edge of the result.
    /// - Returns: the square.
    public func centreSquare(_ side: Int) -> RGBImage {
        precondition((1...4096).contains(side), "centre square of \(side) pixels")
        let short = min(width, height)
        let long = Int(Double(side * max(width, height)) / Double(short))
        let (newWidth, newHeight) = width <= height ? (side, long) : (long, side)
        return resized(
            toWidth: newWidth,
            height: newHeight,
            window: Window(
                x: (newWidth - side) / 2,
                y: (newHeight - side) / 2,
                width: side,
                height: side
            )
        )
    }

    private func resized(toWidth width: Int, height: Int, window: Window) -> RGBImage {
        RGBImage(
            width: window.width,
            height: window.height,
            bytes: ImageCodec.resizeBicubic(
                self,
                width: width,
                height: height,
                window: ic_window(
                    x: window.x,
                    y: window.y,
                    width: window.width,
                    height: window.height
                )
            )
        )
    }
}
