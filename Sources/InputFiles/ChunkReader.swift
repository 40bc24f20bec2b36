/// Gives a file's content piece by piece, decompressing gzip on the way.
///
/// Gzip is told by its first two bytes, not by the file's name. One reader serves one thread.
public final class ChunkReader {
    private let file: InputFile
    private let inflater: GzipInflater?
    private var offset = 0

    /// Small enough for the allocator to reuse, large enough to make calls cheap.
    private static let chunkSize = 1 << 16

    /// The path of the file.
    public var path: String { file.path }
    /// True if the file is gzip-compressed.
    public var isCompressed: Bool { inflater != nil }

    init(_ file: InputFile) throws {
        self.file = file
        let magic = try file.read(upTo: 2, at: 0)
        inflater = magic == [0x1F, 0x8B] ? try GzipInflater(path: file.path) : nil
    }

    /// The next piece of the content.
    /// - Returns: at least one byte; nil at the end.
    /// - Throws: ``InputFileError`` if the file became shorter, cannot be read or is damaged.
    public func next() throws -> [UInt8]? {
        let chunk =
            if let inflater {
                try inflater.next(upTo: Self.chunkSize, from: nextStored)
            } else {
                try nextStored()
            }
        return chunk.isEmpty ? nil : chunk
    }

    /// The next stored bytes; none at the end.
    private func nextStored() throws -> [UInt8] {
        let chunk = try file.read(upTo: Self.chunkSize, at: offset)
        offset += chunk.count
        if chunk.isEmpty, offset < file.byteCount {
            throw InputFileError.truncated(path: path, expected: file.byteCount, got: offset)
        }
        return chunk
    }
}
