/// Gives a file's lines as bytes, for JSON lines and tables.
///
/// Lines end with a line feed; a carriage return before it stays part of the line, as do all
/// other bytes. The last line may lack its line feed.
public final class LineReader {
    /// A line with its place.
    public struct Line: Sendable, Equatable {
        /// Its number, from 1.
        public let number: Int
        /// Where it starts, in bytes of the (decompressed) content.
        public let offset: Int
        /// Its bytes, without the line feed.
        public let bytes: [UInt8]
    }

    private let chunks: ChunkReader
    private let limit: Int
    private var chunk: [UInt8] = []
    private var start = 0
    private var number = 0
    private var offset = 0

    /// The longest line accepted unless told otherwise: 64 MiB.
    public static let lineLimit = 64 << 20

    /// Starts at the first line.
    /// - Parameters:
    ///   - chunks: the content, from its start.
    ///   - limit: the longest line, in bytes, that is accepted.
    public init(_ chunks: ChunkReader, limit: Int = lineLimit) {
        self.chunks = chunks
        self.limit = limit
    }

    /// The next line.
    /// - Returns: the line; nil at the end.
    /// - Throws: ``InputFileError`` if a line is too long or the file cannot be read.
    public func next() throws -> Line? {
        var line: [UInt8] = []
        var isBegun = false
        while try refill() {
            isBegun = true
            let end = chunk[start...].firstIndex(of: 0x0A)
            line += chunk[start..<(end ?? chunk.count)]
            start = end.map { $0 + 1 } ?? chunk.count
            guard line.count <= limit else {
                throw InputFileError.tooLarge(
                    path: "\(chunks.path):\(number + 1)",
                    limit: limit
                )
            }
            if end != nil { return finish(line, feed: 1) }
        }
        return isBegun ? finish(line, feed: 0) : nil
    }

    private func refill() throws -> Bool {
        if start < chunk.count { return true }
        guard let next = try chunks.next() else { return false }
        chunk = next
        start = 0
        return true
    }

    private func finish(_ bytes: [UInt8], feed: Int) -> Line {
        number += 1
        defer { offset += bytes.count + feed }
        return Line(number: number, offset: offset, bytes: bytes)
    }
}
