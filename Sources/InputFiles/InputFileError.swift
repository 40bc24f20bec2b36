/// Why a file cannot be used; each text names the file.
public enum InputFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file.
    case missing(path: String)
    /// It is a folder, pipe, socket or device; only regular files are opened.
    case notRegular(path: String, kind: String)
    /// The system refused: permission, I/O error, name too long.
    case unreadable(path: String, reason: String)
    /// It holds more bytes than allowed, after decompression where that applies.
    case tooLarge(path: String, limit: Int)
    /// It became shorter while it was read, or a read lies behind its end.
    case truncated(path: String, expected: Int, got: Int)
    /// The gzip data break off.
    case truncatedGzip(path: String)
    /// The gzip data are damaged.
    case corruptGzip(path: String, reason: String)
    /// A name in a data file would lead out of its folder.
    case unsafeName(name: String, reason: String)

    /// One line with what, where and what to do.
    public var description: String {
        switch self {
        case .missing(let path): "\(path): no such file"
        case .notRegular(let path, let kind): "\(path): is \(kind), expected a regular file"
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .tooLarge(let path, let limit): "\(path): holds more than the \(limit) bytes allowed"
        case .truncated(let path, let expected, let got):
            "\(path): expected \(expected) bytes, got \(got); was it changed while being read?"
        case .truncatedGzip(let path):
            "\(path): the gzip data end too early; fetch or compress the file again"
        case .corruptGzip(let path, let reason):
            "\(path): the gzip data are damaged (\(reason)); fetch or compress the file again"
        case .unsafeName(let name, let reason):
            "file name \"\(name)\" \(reason); names must stay inside their folder"
        }
    }
}
