import Foundation

/// The only way to a tensor's memory: spans for callers, addresses for the kernels of this room.
@safe
extension Tensor {
    /// Lends the elements of an f32 tensor.
    /// - Parameter body: receives `count` elements, row-major.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    /// - Precondition: the dtype is f32.
    public func withFloats<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(dtype == .f32, "withFloats: tensor \(shape) is \(dtype)")
        return try unsafe body(
            UnsafeBufferPointer(start: elements(Float.self), count: count).span
        )
    }

    /// Lends the elements of an f32 tensor for writing.
    /// - Parameter body: receives `count` elements, row-major.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    /// - Precondition: the dtype is f32 and the tensor is writable.
    public func withMutableFloats<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(dtype == .f32, "withMutableFloats: tensor \(shape) is \(dtype)")
        let buffer = unsafe UnsafeMutableBufferPointer(
            start: mutableElements(Float.self),
            count: count
        )
        var span = unsafe buffer.mutableSpan
        return try body(&span)
    }

    /// Bytes as a tensor of dtype u8.
    /// - Parameters:
    ///   - bytes: row-major.
    ///   - shape: extents whose product is `bytes.count`.
    /// - Precondition: the counts agree.
    public convenience init(bytes: [UInt8], shape: [Int]) {
        self.init(unset: shape, dtype: .u8)
        precondition(bytes.count == count, "tensor \(shape) from \(bytes.count) bytes")
        unsafe address.copyMemory(from: bytes, byteCount: bytes.count)
    }

    /// Sets one row of an f32 tensor.
    /// - Parameters:
    ///   - index: within `0..<rows`.
    ///   - values: `columns` values.
    /// - Precondition: the row lies inside, the width fits, the dtype is f32 and the tensor is
    ///   writable.
    public func setRow(_ index: Int, to values: [Float]) {
        precondition(
            dtype == .f32 && values.count == columns,
            "row of \(values.count) values into \(shape) \(dtype)"
        )
        rowRange(index..<index + 1).copyElements(from: values)
    }

    /// Lends the bytes of a tensor of any dtype.
    /// - Parameter body: receives `byteCount` bytes, little-endian elements.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: address, count: byteCount).bytes)
    }

    /// A copy of the bytes of a tensor of any dtype.
    /// - Returns: `byteCount` bytes, little-endian elements.
    public func bytes() -> [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: address, count: byteCount))
    }

    /// Gives back the memory that a mapped file's elements take, if the tensor lies in one; they are
    /// read from the file again when they are touched.
    func releaseMappedPages() {
        guard storage.isMapped else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = (Int(bitPattern: address) + page - 1) / page * page
        let end = (Int(bitPattern: address) + byteCount) / page * page
        guard end > start, let pages = unsafe UnsafeMutableRawPointer(bitPattern: start) else {
            return
        }
        unsafe madvise(pages, end - start, MADV_DONTNEED)
    }

    /// Lends the bytes to APIs that want `Data`; it must not outlive `body`.
    func withData<Result>(_ body: (Data) throws -> Result) rethrows -> Result {
        try unsafe body(Data(bytesNoCopy: address, count: byteCount, deallocator: .none))
    }

    /// The first element; valid as long as the storage lives.
    var address: UnsafeMutableRawPointer { unsafe storage.base + byteOffset }

    func elements<Element>(_: Element.Type) -> UnsafePointer<Element> {
        unsafe UnsafePointer(address.assumingMemoryBound(to: Element.self))
    }

    func mutableElements<Element>(_: Element.Type) -> UnsafeMutablePointer<Element> {
        precondition(isWritable, "tensor \(shape) lies in a mapped file and cannot be written")
        return unsafe address.assumingMemoryBound(to: Element.self)
    }

    /// The elements of an f32 tensor.
    func copiedElements() -> [Float] {
        unsafe Array(UnsafeBufferPointer(start: elements(Float.self), count: count))
    }

    /// Sets the elements of an f32 tensor.
    func copyElements(from values: [Float]) {
        unsafe mutableElements(Float.self).update(from: values, count: values.count)
    }

    func clear() {
        precondition(isWritable, "tensor \(shape) lies in a mapped file and cannot be written")
        unsafe memset(address, 0, byteCount)
    }
}
