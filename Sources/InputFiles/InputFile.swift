import Foundation

/// A regular file, opened for reading.
///
/// Checked before opening, so that no pipe or device is ever touched, and again afterwards.
/// Symbolic links are followed. All reads name their offset, so threads may share one value.
public final class InputFile: Sendable {
    /// The path as given.
    public let path: String
    /// Size, time of last change and number of the file, taken when it was opened.
    public let identity: FileIdentity
    private let descriptor: Int32

    /// The most bytes that ``contents(limit:)`` gives unless told otherwise: 2 GiB.
    public static let contentsLimit = 2 << 30

    /// Opens a file.
    /// - Parameters:
    ///   - path: absolute or relative to the working directory.
    ///   - limit: the largest size, in bytes, that is accepted.
    /// - Throws: ``InputFileError`` if it is missing, not regular, too large or unreadable.
    public init(_ path: String, limit: Int = .max) throws {
        guard !path.utf8.contains(0) else {
            throw InputFileError.unsafeName(name: path, reason: "holds a zero byte")
        }
        try SystemCall.status(of: path).requireRegular(path)
        let descriptor = try SystemCall.open(path)
        do {
            let status = try SystemCall.status(of: descriptor, path)
            try status.requireRegular(path)
            guard status.identity.byteCount <= limit else {
                throw InputFileError.tooLarge(path: path, limit: limit)
            }
            identity = status.identity
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The size in bytes when it was opened.
    public var byteCount: Int { identity.byteCount }

    /// The bytes of a range.
    /// - Parameter range: offsets in the file.
    /// - Returns: exactly those bytes.
    /// - Throws: ``InputFileError`` if the file ends before or cannot be read.
    public func bytes(in range: Range<Int>) throws -> [UInt8] {
        precondition(range.lowerBound >= 0, "file range \(range) starts before the file")
        guard range.upperBound <= byteCount else {
            throw InputFileError.truncated(
                path: path,
                expected: range.upperBound,
                got: byteCount
            )
        }
        let bytes = try read(upTo: range.count, at: range.lowerBound)
        guard bytes.count == range.count else {
            throw InputFileError.truncated(
                path: path,
                expected: range.upperBound,
                got: range.lowerBound + bytes.count
            )
        }
        return bytes
    }

    /// The whole file as it is stored.
    /// - Returns: all bytes.
    /// - Throws: ``InputFileError`` if it became shorter or cannot be read.
    public func bytes() throws -> [UInt8] { try bytes(in: 0..<byteCount) }

    /// Up to `count` bytes from `offset` on; fewer only at the end of the file.
    func read(upTo count: Int, at offset: Int) throws -> [UInt8] {
        try SystemCall.read(descriptor, upTo: count, at: offset, path)
    }

    /// Maps the file into memory, read-only.
    /// - Returns: the mapping, which outlives this value.
    /// - Throws: ``InputFileError`` if the system refuses.
    public func map() throws -> MappedFile {
        try MappedFile(descriptor: descriptor, byteCount: byteCount, path: path)
    }

    /// The content in chunks, decompressed if the file is gzip-compressed.
    /// - Returns: a reader at the start of the file.
    /// - Throws: ``InputFileError`` if it cannot be read.
    public func chunks() throws -> ChunkReader { try ChunkReader(self) }

    /// The whole content, decompressed if the file is gzip-compressed.
    /// - Parameter limit: the most bytes that are accepted.
    /// - Returns: the content.
    /// - Throws: ``InputFileError`` if it is larger, damaged or cannot be read.
    public func contents(limit: Int = contentsLimit) throws -> [UInt8] {
        let reader = try chunks()
        var contents: [UInt8] = []
        while let chunk = try reader.next() {
            contents += chunk
            guard contents.count <= limit else {
                throw InputFileError.tooLarge(path: path, limit: limit)
            }
        }
        return contents
    }

    /// The SHA-256 of the bytes as they are stored.
    /// - Returns: the digest.
    /// - Throws: ``InputFileError`` if the file became shorter or cannot be read.
    public func sha256() throws -> SHA256Digest {
        var hasher = SHA256Hasher()
        var offset = 0
        while offset < byteCount {
            let chunk = try bytes(in: offset..<min(byteCount, offset + 1 << 20))
            hasher.update(chunk)
            offset += chunk.count
        }
        return hasher.finalize()
    }
}
