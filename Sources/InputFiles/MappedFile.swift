import Foundation

/// A file's bytes, mapped read-only; pages come from disk when they are first touched.
///
/// Made by ``InputFile/map()``. The mapping shows the file that was opened even when another takes
/// its name. If that file is *cut short in place* while mapped, touching a lost page raises a bus
/// error: the operating system's rule. Hence only weights are mapped; tables and headers are read.
///
/// `@unchecked Sendable`: address and size never change, nobody can write through a read-only
/// mapping, and it is removed only by `deinit`, when no reference is left.
@safe
public final class MappedFile: @unchecked Sendable {
    /// The path as given.
    public let path: String
    private let bytes: UnsafeRawBufferPointer

    init(descriptor: Int32, byteCount: Int, path: String) throws {
        self.path = path
        guard byteCount > 0 else {  // an empty file cannot be mapped
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = unsafe mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw InputFileError.unreadable(
                path: path,
                reason: unsafe String(cString: strerror(errno))
            )
        }
        unsafe bytes = UnsafeRawBufferPointer(start: address, count: byteCount)
    }

    deinit {
        guard let address = unsafe bytes.baseAddress else { return }
        unsafe munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }

    /// The size in bytes.
    public var byteCount: Int { unsafe bytes.count }

    /// Lends the bytes.
    /// - Parameter body: receives all bytes of the file.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func withBytes<Value, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(unsafe RawSpan(_unsafeBytes: bytes))
    }

    /// The bytes by address, for kernels that read weights in place.
    ///
    /// Valid while this object lives: whoever keeps the address keeps the object beside it.
    @unsafe public var unsafeBytes: UnsafeRawBufferPointer { unsafe bytes }
}
