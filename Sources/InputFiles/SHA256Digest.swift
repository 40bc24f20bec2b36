import Crypto
import Foundation

/// A SHA-256 digest: 32 bytes, shown in hexadecimal.
public struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The digest of bytes.
    /// - Parameter data: any bytes.
    public init(of data: some Sequence<UInt8>) {
        var hasher = SHA256Hasher()
        hasher.update(Array(data))
        self = hasher.finalize()
    }

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    /// 64 lower-case hexadecimal digits.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// The digest in hexadecimal.
    public var description: String { hex }
}

/// Takes the SHA-256 of bytes that come in parts.
public struct SHA256Hasher: Sendable {
    private var state = SHA256()

    /// The digest of no bytes yet.
    public init() {}

    /// Appends bytes.
    /// - Parameter bytes: the next part.
    public mutating func update(_ bytes: [UInt8]) { state.update(data: bytes) }

    /// Appends the UTF-8 bytes of a text.
    /// - Parameter text: the next part.
    public mutating func update(_ text: String) { update(Array(text.utf8)) }

    /// Appends bytes that lie somewhere in memory.
    /// - Parameter span: the next part.
    public mutating func update(_ span: RawSpan) {
        unsafe span.withUnsafeBytes { unsafe state.update(bufferPointer: $0) }
    }

    /// The digest of all parts; more may follow.
    /// - Returns: the digest.
    public func finalize() -> SHA256Digest { SHA256Digest(bytes: Array(state.finalize())) }
}
