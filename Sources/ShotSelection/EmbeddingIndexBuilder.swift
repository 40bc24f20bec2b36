internal import Tensors

/// Collects the vectors of an index, in any order.
///
/// Up to a limit they lie in memory, beyond it in a temporary file whose pages the system may take
/// back; the file has no name, so that nothing is left of it whatever ends the process.
public struct EmbeddingIndexBuilder {
    private enum Place {
        case memory(Tensor)
        case file(ScratchMatrix)
    }

    private let width: Int
    private let backend: CPUBackend
    private let place: Place
    private var isSet: [Bool]

    /// Takes the space for an index.
    /// - Parameters:
    ///   - count: number of vectors, ≥ 0.
    ///   - width: numbers of a vector, ≥ 1.
    ///   - memoryLimit: bytes up to which they lie in memory.
    ///   - folder: where the file lies, if there has to be one.
    ///   - threads: threads of a search; nil takes every processor available to the process.
    /// - Throws: `ShotSelectionError.noRoom` if the folder has no room; `TensorError` for no threads
    ///   and for an unknown kernel set.
    public init(
        count: Int,
        width: Int,
        memoryLimit: Int,
        folder: String,
        threads: Int? = nil
    ) throws {
        precondition(count >= 0 && width >= 1, "index of \(count) vectors of width \(width)")
        self.width = width
        backend = try CPUBackend(precision: .f32, threads: threads)
        isSet = Array(repeating: false, count: count)
        if count * width * MemoryLayout<Float>.size <= memoryLimit {
            place = .memory(Tensor(zeros: [count, width]))
        } else {
            place = .file(
                try Self.onDisk { () throws(TensorError) in
                    try ScratchMatrix(rows: count, columns: width, folder: folder)
                }
            )
        }
    }

    /// Sets the vector at a position.
    /// - Parameters:
    ///   - position: 0 ..< count; each once.
    ///   - vector: numbers of length 1 in all.
    /// - Throws: `ShotSelectionError.embeddingWidth`, `ShotSelectionError.notUnitVector`;
    ///   `ShotSelectionError.noRoom` if the disk fails.
    /// - Precondition: the position lies inside and was not set before.
    public mutating func set(_ position: Int, _ vector: [Float]) throws {
        precondition(
            isSet.indices.contains(position) && !isSet[position],
            "vector \(position) of \(isSet.count) is set again or out of place"
        )
        guard vector.count == width else {
            throw ShotSelectionError.embeddingWidth(
                of: "support vector \(position)",
                expected: width,
                got: vector.count
            )
        }
        let length = UnitLength.of(vector)
        guard UnitLength.admits(length) else {
            throw ShotSelectionError.notUnitVector(
                of: "support vector \(position)",
                length: length
            )
        }
        switch place {
        case .memory(let tensor): tensor.setRow(position, to: vector)
        case .file(let matrix):
            try Self.onDisk { () throws(TensorError) in try matrix.set(position, to: vector) }
        }
        isSet[position] = true
    }

    /// The index of all vectors.
    /// - Returns: an index that is ready to be searched.
    /// - Throws: `ShotSelectionError.noRoom` if the system does not map the file.
    /// - Precondition: every vector was set.
    public func finish() throws -> EmbeddingIndex {
        precondition(!isSet.contains(false), "an index whose vectors are not all set")
        switch place {
        case .memory(let tensor): return EmbeddingIndex(tensor, backend)
        case .file(let matrix):
            let vectors = try Self.onDisk { () throws(TensorError) in try matrix.finish() }
            return EmbeddingIndex(vectors, backend)
        }
    }

    private static func onDisk<Result>(
        _ body: () throws(TensorError) -> Result
    ) throws(ShotSelectionError) -> Result {
        do { return try body() } catch { throw .noRoom("\(error)") }
    }
}
