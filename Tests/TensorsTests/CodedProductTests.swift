import Tensors
import TestSupport
import Testing

/// Products of signed bytes.
struct CodedProductTests {
    private static let shapes = [
        (1, 1, 1), (1, 16, 4), (1, 17, 5), (2, 15, 3), (5, 64, 31), (6, 65, 128), (7, 130, 33),
        (13, 200, 257), (193, 70, 60),
    ]

    private func operands(_ m: Int, _ n: Int, _ k: Int) -> (x: Tensor, w: Tensor, bias: Tensor) {
        var noise = Noise(seed: UInt64(m * 1_000_003 + n * 1009 + k))
        return (
            Tensor(noise.floats(m * k, scale: 3), shape: [m, k]),
            Tensor(noise.floats(n * k, scale: 0.2), shape: [n, k]),
            Tensor(noise.floats(n), shape: [n])
        )
    }

    private func product(
        _ x: Tensor,
        _ w: Tensor,
        _ bias: Tensor?,
        kernelSet: String? = nil,
        threads: Int = 1
    ) throws -> Tensor {
        let backend = try CPUBackend(precision: .int8, threads: threads, kernelSet: kernelSet)
        return backend.linear(x, backend.prepare(w), bias: bias)
    }

    @Test(arguments: shapes)
    func everyKernelSetGivesTheBitsOfScalar(_ m: Int, _ n: Int, _ k: Int) throws {
        let (x, w, bias) = operands(m, n, k)
        for bias in [bias, nil] {
            let expected = try product(x, w, bias, kernelSet: "scalar")
            for name in CPUBackend.availableKernelSets {
                for threads in [1, 2] {
                    let got = try product(x, w, bias, kernelSet: name, threads: threads)
                    #expect(got.bytes() == expected.bytes(), "\(name), \(threads) threads")
                }
            }
        }
    }

    /// The definition, in double: codes by rounding, then the exact sum.
    private func defined(_ x: [Float], _ w: [Float]) -> Double {
        func codes(_ row: [Float]) -> (scale: Double, codes: [Double]) {
            let largest = row.map(abs).max() ?? 0
            guard largest > 0 else { return (0, row.map { _ in 0 }) }
            let inverse = 127 / largest
            return (
                Double(largest / 127), row.map { Double(($0 * inverse).rounded(.toNearestOrEven)) }
            )
        }
        let (left, right) = (codes(x), codes(w))
        let sum = zip(left.codes, right.codes).reduce(0) { $0 + $1.0 * $1.1 }
        return sum * left.scale * right.scale
    }

    @Test(arguments: shapes)
    func productsAreTheDefinitions(_ m: Int, _ n: Int, _ k: Int) throws {
        let (x, w, bias) = operands(m, n, k)
        let got = try product(x, w, bias)
        for row in 0..<m {
            for column in stride(from: 0, to: n, by: 7) {
                let expected = defined(x.row(row), w.row(column)) + Double(bias.row(0)[column])
                #expect(
                    abs(Double(got.row(row)[column]) - expected) <= 1e-5 * max(1, abs(expected))
                )
            }
        }
    }

    @Test func codesCostLittleAgainstF32() throws {
        let (x, w, bias) = operands(16, 96, 1024)
        let got = try product(x, w, bias)
        let exact = try CPUBackend(precision: .f32, threads: 1)
        let expected = exact.linear(x, exact.prepare(w), bias: bias)
        // Half a step of each operand, as independent errors: 1 / (127 √12) of the largest values.
        let bound: Float = 6 * 3 * 0.2 / 127 * Float(1024).squareRoot()
        for row in 0..<16 {
            expectClose(got.row(row), expected.row(row), absolute: bound)
        }
    }

    @Test func aRowAloneHasTheBitsOfABatch() throws {
        let (x, w, bias) = operands(37, 90, 77)
        let backend = try CPUBackend(precision: .int8, threads: 2)
        let weight = backend.prepare(w)
        let together = backend.linear(x, weight, bias: bias)
        for row in 0..<37 {
            let alone = backend.linear(x.rowRange(row..<row + 1), weight, bias: bias)
            #expect(alone.bytes() == together.rowRange(row..<row + 1).bytes())
        }
    }

    @Test func rowsWithoutASizeGiveTheBias() throws {
        let (_, w, bias) = operands(1, 20, 9)
        let zeros = Tensor(zeros: [2, 9])
        let got = try product(zeros, w, bias)
        for row in 0..<2 { #expect(got.row(row) == bias.row(0)) }
        let tiny = Tensor([Float](repeating: .leastNonzeroMagnitude, count: 9), shape: [1, 9])
        #expect(try product(tiny, w, bias).row(0) == bias.row(0))
    }

    @Test(arguments: CPUBackend.availableKernelSets, [Float.nan, .infinity, -.infinity])
    func aRowThatIsNotFiniteGivesNoNumbers(_ kernelSet: String, _ value: Float) throws {
        let (x, w, bias) = operands(3, 20, 21)
        for position in [0, 7, 20] {
            var values = x.row(1)
            values[position] = value
            x.setRow(1, to: values)
            let got = try product(x, w, bias, kernelSet: kernelSet)
            #expect(got.row(1).filter(\.isNaN).count == 20)
            #expect((got.row(0) + got.row(2)).filter(\.isFinite).count == 40)
            values[position] = 1
            x.setRow(1, to: values)
        }
    }

    @Test func weightsTakeHalfTheBytesOfBF16() throws {
        let backend = try CPUBackend(precision: .int8, threads: 1)
        let weight = backend.prepare(Tensor(zeros: [160, 256]))
        #expect(weight.byteCount == 160 * 256 + 160 * 4)
    }
}
