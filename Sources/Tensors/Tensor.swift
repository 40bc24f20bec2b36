/// A dense row-major array of numbers in 64-byte aligned memory of its own, in memory shared with
/// the tensor that it is a view of, or in a mapped file (then it cannot be written).
///
/// Sendable because the memory's owner is reference-counted and operations that write need a
/// writable tensor, which one thread drives at a time; the thread pool writes disjoint ranges.
public final class Tensor: @unchecked Sendable {
    /// Extents, outermost first; `[]` is a single number.
    public let shape: [Int]
    /// Element type.
    public let dtype: DType
    /// Number of elements: the product of `shape`.
    public let count: Int
    let storage: TensorStorage
    /// Offset of the first element in the storage.
    let byteOffset: Int

    /// The last extent; 1 for a single number.
    public var columns: Int { shape.last ?? 1 }
    /// The product of all extents but the last.
    public var rows: Int { shape.dropLast().reduce(1, *) }
    /// Bytes that the elements take.
    public var byteCount: Int { count * dtype.bitCount / 8 }
    /// Whether operations may write into it.
    public var isWritable: Bool { storage.isWritable }

    init(storage: TensorStorage, byteOffset: Int, shape: [Int], dtype: DType) {
        count = Self.elementCount(shape)
        precondition(
            byteOffset >= 0 && byteOffset + count * dtype.bitCount / 8 <= storage.byteCount,
            "tensor \(shape) \(dtype) at \(byteOffset) of \(storage.byteCount) bytes"
        )
        self.storage = storage
        self.byteOffset = byteOffset
        self.shape = shape
        self.dtype = dtype
    }

    /// Owned memory whose elements are not set yet.
    convenience init(unset shape: [Int], dtype: DType = .f32, pool: StoragePool? = nil) {
        let byteCount = Self.elementCount(shape) * dtype.byteCount
        let storage =
            pool.map { TensorStorage(byteCount: byteCount, from: $0) }
            ?? TensorStorage(byteCount: byteCount)
        self.init(storage: storage, byteOffset: 0, shape: shape, dtype: dtype)
    }

    /// All elements zero.
    /// - Parameters:
    ///   - shape: extents ≥ 0.
    ///   - dtype: element type.
    /// - Precondition: no extent is negative.
    public convenience init(zeros shape: [Int], dtype: DType = .f32) {
        self.init(unset: shape, dtype: dtype)
        clear()
    }

    /// An f32 tensor of given values.
    /// - Parameters:
    ///   - values: row-major.
    ///   - shape: extents whose product is `values.count`.
    /// - Precondition: the counts agree.
    public convenience init(_ values: [Float], shape: [Int]) {
        self.init(unset: shape)
        precondition(values.count == count, "tensor \(shape) from \(values.count) values")
        copyElements(from: values)
    }

    /// The same elements under another shape; memory is shared.
    /// - Parameter shape: extents whose product is `count`.
    /// - Returns: a view.
    /// - Precondition: the counts agree.
    public func reshaped(_ shape: [Int]) -> Tensor {
        precondition(Self.elementCount(shape) == count, "reshape: \(self.shape) to \(shape)")
        return Tensor(storage: storage, byteOffset: byteOffset, shape: shape, dtype: dtype)
    }

    /// Some rows as `[range.count, columns]`; memory is shared.
    /// - Parameter range: within `0..<rows`.
    /// - Returns: a view.
    /// - Precondition: the range lies inside.
    public func rowRange(_ range: Range<Int>) -> Tensor {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= rows,
            "rows \(range) of \(shape)"
        )
        let offset = byteOffset + range.lowerBound * columns * dtype.bitCount / 8
        return Tensor(
            storage: storage,
            byteOffset: offset,
            shape: [range.count, columns],
            dtype: dtype
        )
    }

    /// One row, widened to f32.
    /// - Parameter index: within `0..<rows`.
    /// - Returns: `columns` values.
    /// - Precondition: the dtype is f32, bf16 or f16.
    public func row(_ index: Int) -> [Float] { rowRange(index..<index + 1).floats() }

    private static func elementCount(_ shape: [Int]) -> Int {
        precondition(shape.allSatisfy { $0 >= 0 }, "tensor with shape \(shape)")
        return shape.reduce(1, *)
    }
}
