import Models
import Tensors

/// Bytes that weights take in memory, by how they are stored and how they are computed with.
struct WeightMemory: Sendable {
    /// Bytes that have to stay: converted matrices, f32 vectors, and mapped pages of what is used
    /// in place.
    let residentByteCount: Int
    /// Mapped pages that were read once to be converted: the system takes them back when memory
    /// runs short, but they count as the process's until then.
    let sourceByteCount: Int
    /// How most of the weights are stored; nil where nothing says so.
    let storedType: String?

    /// - Parameters:
    ///   - size: the model's.
    ///   - tensors: what the weight files hold; empty if they are missing.
    ///   - stated: bytes of all tensors as the index states them.
    ///   - precision: how products are computed.
    init(
        _ size: ModelSize,
        _ tensors: [SafetensorsEntry],
        stated: Int?,
        _ precision: EnginePrecision
    ) {
        let stored = StoredWeights(size, tensors, stated: stated)
        storedType = stored.name
        let inPlace = stored.matrixShares[precision.inPlaceType] ?? 0
        let matrices = Double(size.matrixCount)
        let converted = matrices * (1 - inPlace) * Double(precision.weightByteCount)
        let mapped = matrices * inPlace * stored.bytesPerNumber
        let vectors = Double(size.vectorCount * 4)
        let table = Double(size.embedding) * stored.bytesPerNumber
        residentByteCount = Int(converted + mapped + vectors + table)
        // Pages of converted matrices are given back.
        sourceByteCount = Int(Double(size.vectorCount) * stored.bytesPerNumber)
    }
}

/// How a checkpoint stores its numbers.
private struct StoredWeights {
    /// Bytes of a number, on average.
    let bytesPerNumber: Double
    /// The share of each type among the numbers of matrices.
    let matrixShares: [DType: Double]
    /// The type of most numbers.
    let name: String?

    init(_ size: ModelSize, _ tensors: [SafetensorsEntry], stated: Int?) {
        var counts: [DType: Int] = [:]
        var bytes = 0
        for tensor in tensors {
            bytes += tensor.range.count
            guard tensor.shape.count > 1 else { continue }
            counts[tensor.dtype, default: 0] += tensor.shape.reduce(1, *)
        }
        let total = counts.values.reduce(0, +)
        guard total > 0 else {
            // Without files the index's bytes tell: 2 a number is what published checkpoints use.
            let perNumber = stated.map { Double($0) / Double(size.parameterCount) } ?? 2
            bytesPerNumber = perNumber
            matrixShares = [perNumber > 3 ? .f32 : .bf16: 1]
            name = stated.map { _ in perNumber > 3 ? "f32" : "16-bit" }
            return
        }
        let numbers = tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        bytesPerNumber = Double(bytes) / Double(numbers)
        matrixShares = counts.mapValues { Double($0) / Double(total) }
        name = counts.max { $0.value < $1.value }?.key.rawValue.lowercased()
    }
}

extension EnginePrecision {
    /// The stored type that products read in place.
    fileprivate var inPlaceType: DType {
        switch self {
        case .f32: .f32
        case .bf16: .bf16
        case .int8: .u8  // which no checkpoint stores: all are converted
        }
    }
}
