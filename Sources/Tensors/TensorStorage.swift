import Foundation

/// Bytes behind one or more tensors: owned and 64-byte aligned, or borrowed from an owner that is
/// kept alive (a mapped file).
///
/// Sendable because the address never changes and the bytes are written by one thread at a time:
/// whoever made the tensor, or the thread pool over disjoint ranges.
@safe
final class TensorStorage: @unchecked Sendable {
    /// Alignment of owned memory: a cache line, and the widest vector register.
    static let alignment = 64

    let base: UnsafeMutableRawPointer
    let byteCount: Int
    /// Whether tensors over these bytes may be written.
    let isWritable: Bool
    private let owner: Owner

    private enum Owner {
        case heap
        case pool(StoragePool)
        case borrowed(any AnyObject & Sendable)
    }

    /// Fresh memory, not initialised.
    init(byteCount: Int) {
        unsafe base = Self.allocate(byteCount: byteCount)
        self.byteCount = byteCount
        isWritable = true
        owner = .heap
    }

    /// Memory lent by a pool, which takes it back; not initialised.
    init(byteCount: Int, from pool: StoragePool) {
        unsafe base = pool.take(byteCount: byteCount)
        self.byteCount = byteCount
        isWritable = true
        owner = .pool(pool)
    }

    /// Read-only bytes that live as long as `owner` does.
    init(borrowing bytes: UnsafeRawBufferPointer, from owner: any AnyObject & Sendable) {
        if let start = bytes.baseAddress {
            unsafe base = UnsafeMutableRawPointer(mutating: start)
        } else {
            unsafe base = Self.emptyAddress
        }
        byteCount = bytes.count
        isWritable = false
        self.owner = .borrowed(owner)
    }

    /// A copy of bytes, aligned.
    init(copying bytes: UnsafeRawBufferPointer) {
        unsafe base = Self.allocate(byteCount: bytes.count)
        if let start = bytes.baseAddress {
            unsafe base.copyMemory(from: start, byteCount: bytes.count)
        }
        byteCount = bytes.count
        isWritable = false
        owner = .heap
    }

    deinit {
        switch owner {
        case .heap: unsafe Self.release(base)
        case .pool(let pool): unsafe pool.giveBack(base, byteCount: byteCount)
        case .borrowed: break
        }
    }

    /// Whether the bytes lie in a mapped file.
    var isMapped: Bool { if case .borrowed = owner { true } else { false } }

    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        precondition(byteCount >= 0, "allocation of \(byteCount) bytes")
        let rounded = (max(byteCount, 1) + alignment - 1) / alignment * alignment
        guard let memory = unsafe aligned_alloc(alignment, rounded) else {
            fatalError("out of memory: \(rounded) bytes for a tensor")
        }
        return unsafe memory
    }

    static func release(_ memory: UnsafeMutableRawPointer) { unsafe free(memory) }

    /// A well-aligned address for tensors without elements; never read.
    private static var emptyAddress: UnsafeMutableRawPointer {
        guard let address = unsafe UnsafeMutableRawPointer(bitPattern: alignment) else {
            fatalError("an address of \(alignment) is not null")
        }
        return unsafe address
    }
}
