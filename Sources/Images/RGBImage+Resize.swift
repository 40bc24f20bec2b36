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

    /// The middle square of the image after its shorter edge is resized (CLIP).
    ///
    /// The longer edge is truncated to whole pixels, as in the Hugging Face processor; only the
    /// square is computed, so that a strip of any length costs little.
    /// - Precondition: `side` is in 1…`shorterEdge`, which is at most 4096.
    /// - Parameters:
    ///   - side: pixels of each edge of the result.
    ///   - shorterEdge: pixels of the shorter edge before the square is cut out.
    /// - Returns: the square.
    public func centreSquare(_ side: Int, shorterEdge: Int) -> RGBImage {
        precondition(
            side >= 1 && side <= shorterEdge && shorterEdge <= 4096,
            "centre square of \(side) out of \(shorterEdge) pixels"
        )
        let short = min(width, height)
        let long = Int(Double(shorterEdge * max(width, height)) / Double(short))
        let (newWidth, newHeight) = width <= height ? (shorterEdge, long) : (long, shorterEdge)
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
