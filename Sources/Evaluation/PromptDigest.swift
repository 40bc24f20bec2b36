internal import InputFiles

/// The identity of what a model saw: text and pixels.
public enum PromptDigest {
    /// SHA-256 of the rendered text's UTF-8 bytes, followed by the pixel digests of its pictures
    /// in order, each as 64 lower-case hexadecimal ASCII characters, with nothing in between.
    /// - Parameters:
    ///   - text: the rendered prompt, each picture as `<image>`.
    ///   - pixelDigests: one per picture, as the engine answers them.
    /// - Returns: 64 lower-case hexadecimal characters.
    public static func hex(text: String, pixelDigests: [String]) -> String {
        var hasher = SHA256Hasher()
        hasher.update(text)
        for digest in pixelDigests { hasher.update(digest) }
        return hasher.finalize().hex
    }
}
