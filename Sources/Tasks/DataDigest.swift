internal import InputFiles

/// Digests of annotation files, which identify the data of a run.
public enum DataDigest {
    /// One digest of several; their order counts.
    /// - Parameter digests: hexadecimal SHA-256 digests, or other texts without line feeds.
    /// - Returns: SHA-256 (hex) of the lines.
    public static func combined(_ digests: [String]) -> String {
        var hasher = SHA256Hasher()
        for digest in digests { hasher.update(digest + "\n") }
        return hasher.finalize().hex
    }
}
