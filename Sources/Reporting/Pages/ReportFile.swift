/// A file of a report.
public struct ReportFile: Sendable, Hashable {
    /// Its path below the report's folder, with `/` between folders.
    public let path: String
    /// Its contents.
    public let bytes: [UInt8]

    /// Creates a file.
    /// - Parameters:
    ///   - path: its path below the report's folder.
    ///   - bytes: its contents.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Creates a text file.
    init(_ path: String, _ text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }
}
