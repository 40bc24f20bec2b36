/// Which image each token sees: the latest one before it, and none behind `</s>` until the next.
package struct ImageIndexing: Sendable {
    /// The id of `<image>`.
    package let imageToken: Int32
    /// The id of `</s>`.
    package let endToken: Int32

    package init(imageToken: Int32, endToken: Int32) {
        self.imageToken = imageToken
        self.endToken = endToken
    }

    /// - Parameters:
    ///   - tokens: a prompt's ids.
    ///   - imageCount: pictures supplied; an `<image>` beyond them shows nothing.
    /// - Returns: per token the index of its image, −1 for none. `<image>` itself sees its image,
    ///   and so does the `</s>` behind it.
    package func indices(of tokens: some Sequence<Int32>, imageCount: Int) -> [Int32] {
        var latest = -1
        var isEnded = false
        return tokens.map { token in
            if token == imageToken {
                latest += 1
                isEnded = false
            }
            defer { if token == endToken { isEnded = true } }
            return isEnded || latest >= imageCount ? -1 : Int32(latest)
        }
    }
}
