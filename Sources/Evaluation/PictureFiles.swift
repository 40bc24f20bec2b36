internal import EvalCore
internal import InputFiles

/// What is known of picture files without decoding them: sizes, and digests where sizes are equal.
///
/// Two datasets may show one picture under two names. Files of equal bytes are found by comparing
/// sizes first and hashing only where a query's file has the size of a support file.
struct PictureFiles {
    private var sizes: [String: Int?] = [:]
    private var digests: [String: String] = [:]

    /// The size of a file in bytes, nil if there is none.
    /// - Throws: `InputFileError` for what exists and is no readable file.
    mutating func size(of path: String) throws -> Int? {
        if let known = sizes[path] { return known }
        let size: Int?
        do {
            size = try InputFile(path).byteCount
        } catch InputFileError.missing {
            size = nil
        }
        sizes[path] = .some(size)
        return size
    }

    /// SHA-256 (hex) of a file's bytes.
    /// - Throws: `InputFileError` if it cannot be read.
    mutating func digest(of path: String) throws -> String {
        if let known = digests[path] { return known }
        let digest = try InputFile(path).sha256().hex
        digests[path] = digest
        return digest
    }
}
