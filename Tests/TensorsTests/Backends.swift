import Tensors
import Testing

/// A backend to be tested, named in failures.
struct TestedBackend: Sendable, CustomTestStringConvertible {
    let backend: CPUBackend
    var testDescription: String {
        "\(backend.kernelSet) \(backend.precision.rawValue) \(backend.threads) threads"
    }

    init(_ precision: Precision, threads: Int = 1, kernelSet: String? = nil) {
        guard
            let backend = try? CPUBackend(
                precision: precision,
                threads: threads,
                kernelSet: kernelSet
            )
        else { fatalError("no backend \(precision) \(threads) \(kernelSet ?? "")") }
        self.backend = backend
    }

    /// Every kernel set of this machine in both precisions.
    static let all = CPUBackend.availableKernelSets.flatMap { name in
        Precision.allCases.map { TestedBackend($0, kernelSet: name) }
    }
    static let allFloats = all.filter { $0.backend.precision != .int8 }
    static let allF32 = all.filter { $0.backend.precision == .f32 }
    static let allBF16 = all.filter { $0.backend.precision == .bf16 }
}

extension Sequence<Double> {
    /// Each rounded to the nearest float.
    var floats: [Float] { map { Float($0) } }
}

/// The float rounded to bf16, nearest even.
func roundedToBF16(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
}
