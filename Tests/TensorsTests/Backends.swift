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
                precision: precision, threads: threads, kernelSet: kernelSet)
        else { fatalError("no backend \(precision) \(threads) \(kernelSet ?? "")") }
        self.backend = backend
    }

    /// Every kernel set of this machine in both precisions.
    static let all = CPUBackend.availableKernelSets.flatMap { name in
        Precision.allCases.map { TestedBackend($0, kernelSet: name) }
    }
    static let allF32 = all.filter { $0.backend.precision == .f32 }
    static let allBF16 = all.filter { $0.backend.precision == .bf16 }
}

/// Expects each element within `absolute + relative · |expected|`, and names the first that is not.
func expectClose(
    _ got: [Float], _ expected: [Double], relative: Double = 0, absolute: Double,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(got.count == expected.count, sourceLocation: sourceLocation)
    let worst = zip(got, expected).enumerated().first { _, pair in
        !(abs(Double(pair.0) - pair.1) <= absolute + relative * abs(pair.1))
    }
    if let worst {
        Issue.record(
            "element \(worst.offset) is \(worst.element.0), not \(worst.element.1)",
            sourceLocation: sourceLocation)
    }
}

/// The float rounded to bf16, nearest even.
func roundedToBF16(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
}
