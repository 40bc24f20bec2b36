import Foundation

/// A matrix of f32 that is filled row by row in a temporary file, because it is too large for
/// memory that cannot be taken back.
///
/// The file has no name from the start: nothing is left behind, whatever ends the process. Its
/// space is taken before the first row, so that a full disk shows then. Rows are written, not
/// stored through a mapping, so that a failing disk is an error and not a signal.
public final class ScratchMatrix {
    private let shape: [Int]
    private let folder: String
    private let descriptor: Int32

    /// Takes the space.
    /// - Parameters:
    ///   - rows: number of rows, > 0.
    ///   - columns: width of a row, > 0.
    ///   - folder: an existing folder on the disk to use.
    /// - Throws: `TensorError.scratchFile`.
    /// - Precondition: the matrix is not empty.
    public init(rows: Int, columns: Int, folder: String) throws(TensorError) {
        precondition(rows > 0 && columns > 0, "scratch matrix [\(rows), \(columns)]")
        shape = [rows, columns]
        self.folder = folder
        let byteCount = rows * columns * MemoryLayout<Float>.size
        let path = "\(folder)/.scratch-\(UUID().uuidString)"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno) }
        guard unsafe unlink(path) == 0 else { throw failure(errno) }
        let status = posix_fallocate(descriptor, 0, off_t(byteCount))
        guard status == 0 else { throw failure(status) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Sets a row.
    /// - Parameters:
    ///   - row: which.
    ///   - values: one for each column.
    /// - Throws: `TensorError.scratchFile` if the disk fails.
    /// - Precondition: the row lies inside and the width fits.
    public func set(_ row: Int, to values: [Float]) throws(TensorError) {
        precondition(
            (0..<shape[0]).contains(row) && values.count == shape[1],
            "row \(row) of \(values.count) values in a matrix \(shape)"
        )
        let number = unsafe values.withUnsafeBytes { unsafe write($0, at: row * $0.count) }
        guard number == 0 else { throw failure(number) }
    }

    /// Ends the filling; rows that were not set are zero.
    /// - Returns: `[rows, columns]`, read-only; its pages come from the file when they are touched.
    /// - Throws: `TensorError.scratchFile` if the system refuses to map it.
    public func finish() throws(TensorError) -> Tensor {
        let byteCount = shape[0] * shape[1] * MemoryLayout<Float>.size
        guard
            let start = unsafe mmap(nil, byteCount, PROT_READ, MAP_SHARED, descriptor, 0),
            unsafe start != MAP_FAILED
        else { throw failure(errno) }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: byteCount)
        let storage = unsafe TensorStorage(borrowing: bytes, from: ScratchMapping(bytes))
        return Tensor(storage: storage, byteOffset: 0, shape: shape, dtype: .f32)
    }

    /// Writes all bytes; the error's number, 0 if there is none.
    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        var written = 0
        while written < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = unsafe pwrite(
                descriptor,
                rest.baseAddress,
                rest.count,
                off_t(offset + written)
            )
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                return count == 0 ? ENOSPC : errno
            }
        }
        return 0
    }

    private func failure(_ number: Int32) -> TensorError {
        .scratchFile(
            folder: folder,
            byteCount: shape[0] * shape[1] * MemoryLayout<Float>.size,
            reason: unsafe String(cString: strerror(number))
        )
    }
}

/// Ends the mapping when nobody reads it any more.
///
/// Sendable because address and size never change and nobody writes.
@safe
private final class ScratchMapping: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    deinit { unsafe munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
