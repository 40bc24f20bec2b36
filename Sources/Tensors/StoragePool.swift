import Synchronization

/// Keeps the memory of tensors that died for the next ones of about the same size.
///
/// A forward pass makes and drops the same few sizes at every layer; fresh pages for each would
/// cost more than the arithmetic of small batches. Sizes are rounded up so that neighbouring
/// batch sizes share blocks. What is kept is bounded.
@safe
final class StoragePool: Sendable {
    /// At most this many bytes wait unused.
    static let byteLimit = 1 << 28

    @safe
    private struct Block: @unchecked Sendable { let address: UnsafeMutableRawPointer }
    private struct State {
        var free: [Int: [Block]] = [:]
        var byteCount = 0
    }

    private let state = Mutex(State())

    deinit {
        state.withLock { state in
            for block in state.free.values.joined() { unsafe TensorStorage.release(block.address) }
        }
    }

    /// A block of at least `byteCount` bytes, not initialised.
    func take(byteCount: Int) -> UnsafeMutableRawPointer {
        let size = Self.blockSize(byteCount)
        let kept = state.withLock { state -> Block? in
            guard let block = state.free[size]?.popLast() else { return nil }
            state.byteCount -= size
            return block
        }
        if let kept { return unsafe kept.address }
        return unsafe TensorStorage.allocate(byteCount: size)
    }

    /// Takes a block back; `byteCount` is what it was asked for with.
    func giveBack(_ address: UnsafeMutableRawPointer, byteCount: Int) {
        let size = Self.blockSize(byteCount)
        let block = unsafe Block(address: address)
        let isKept = state.withLock { state -> Bool in
            guard state.byteCount + size <= Self.byteLimit else { return false }
            state.free[size, default: []].append(block)
            state.byteCount += size
            return true
        }
        if !isKept { unsafe TensorStorage.release(address) }
    }

    /// The next size of the form 2^k or 1.5 · 2^k, at least 4 KiB.
    static func blockSize(_ byteCount: Int) -> Int {
        var size = 4096
        while size < byteCount {
            if size / 2 * 3 >= byteCount { return size / 2 * 3 }
            size *= 2
        }
        return size
    }
}
