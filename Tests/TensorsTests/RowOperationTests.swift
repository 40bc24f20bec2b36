import Foundation
import Tensors
import TestSupport
import Testing

struct RowOperationTests {
    @Test(arguments: TestedBackend.allF32)
    func normsMatchHandWorkedNumbers(tested: TestedBackend) {
        let x = Tensor([3, 4, 0, 0, 1, 1, 1, 1], shape: [2, 4])
        let weight = Tensor([1, 2, 1, 1], shape: [4])
        let rms = tested.backend.rmsNorm(x, weight: weight, epsilon: 0)
        expectClose(rms.floats(), [1.2, 3.2, 0, 0, 1, 2, 1, 1], absolute: 1e-6)
        let bias = Tensor([0, 0, 0, 5], shape: [4])
        let layer = tested.backend.layerNorm(
            Tensor([1, 1, 3, 3, 2, 2, 2, 2], shape: [2, 4]),
            weight: weight,
            bias: bias,
            epsilon: 1e-9
        )
        expectClose(layer.floats(), [-1, -2, 1, 6, 0, 0, 0, 5], absolute: 1e-5)
    }

    @Test(arguments: TestedBackend.allF32)
    func headNormsEqualNormsOfRowsOfHeads(tested: TestedBackend) {
        var noise = Noise(seed: 31)
        let values = noise.floats(5 * 36)
        let weight = Tensor(noise.floats(12), shape: [12])
        let bias = Tensor(noise.floats(12), shape: [12])
        let heads = Tensor(values, shape: [15, 12])
        let x = Tensor(values, shape: [5, 36])
        tested.backend.rmsNormHeads(x, weight: weight, epsilon: 1e-6)
        #expect(
            x.floats() == tested.backend.rmsNorm(heads, weight: weight, epsilon: 1e-6).floats()
        )
        let y = Tensor(values, shape: [5, 36])
        tested.backend.layerNormHeads(y, weight: weight, bias: bias, epsilon: 1e-5)
        #expect(
            y.floats()
                == tested.backend.layerNorm(heads, weight: weight, bias: bias, epsilon: 1e-5)
                .floats()
        )
    }

    @Test(arguments: TestedBackend.allF32)
    func gatesScaleAndMaskedRowsStay(tested: TestedBackend) {
        let y = Tensor([1, 2, 3, 4, .nan, 6], shape: [3, 2])
        let x = Tensor([10, 10, 10, 10, 10, 10], shape: [3, 2])
        tested.backend.addGated(
            y,
            gate: Tensor([0.5], shape: [1]),
            maskedRows: [false, false, true],
            to: x
        )
        #expect(x.floats() == [10.5, 11, 11.5, 12, 10, 10])
        tested.backend.addGated(
            Tensor([1, 1, 1, 1, 1, 1], shape: [3, 2]),
            gate: Tensor([2, -1], shape: [2]),
            maskedRows: nil,
            to: x
        )
        #expect(x.floats() == [12.5, 10, 13.5, 11, 12, 9])
        tested.backend.add(x, to: x)
        #expect(x.floats() == [25, 20, 27, 22, 24, 18])
    }

    @Test(arguments: TestedBackend.allF32)
    func gatedProductIsActivationTimesUp(tested: TestedBackend) {
        var noise = Noise(seed: 32)
        let gate = noise.floats(30_000, scale: 5)
        let up = noise.floats(30_000)
        let out = tested.backend.multiplyActivated(
            Tensor(gate, shape: [3, 10_000]),
            Tensor(up, shape: [3, 10_000]),
            .silu
        )
        let expected = zip(gate, up).map { Double($0) / (1 + exp(-Double($0))) * Double($1) }
        expectClose(out.floats(), expected.floats, relative: 1e-6, absolute: 1e-7)
        let x = Tensor(gate, shape: [3, 10_000])
        tested.backend.activate(x, .relu)
        #expect(x.floats() == gate.map { max($0, 0) })
    }

    @Test
    func copyingConvertsBetweenFloatAndBF16() {
        let backend = TestedBackend(.bf16).backend
        let source = Tensor([1, 2.001, 3, 4, 5, 6], shape: [3, 2])
        let cache = Tensor(zeros: [4, 2], dtype: .bf16)
        backend.copyRows(source, rows: 1..<3, to: cache, at: 2)
        #expect(cache.floats() == [0, 0, 0, 0, 3, 4, 5, 6])
        backend.copyRows(source, rows: 0..<1, to: cache, at: 0)
        #expect(cache.floats() == [1, 2, 0, 0, 3, 4, 5, 6])
        let back = Tensor(zeros: [1, 2])
        backend.copyRows(cache, rows: 3..<4, to: back, at: 0)
        #expect(back.floats() == [5, 6])
        let gathered = backend.gatherRows(cache, indices: [3, 0, 3])
        #expect(gathered.dtype == .f32 && gathered.floats() == [5, 6, 1, 2, 5, 6])
    }

    @Test
    func threadsChangeNoBitOfRowOperations() {
        var noise = Noise(seed: 33)
        let (x, weight) = (noise.floats(97 * 1283), noise.floats(1283))
        let results = [1, 2, 3].map { threads in
            let backend = TestedBackend(.f32, threads: threads).backend
            let norm = backend.rmsNorm(
                Tensor(x, shape: [97, 1283]),
                weight: Tensor(weight, shape: [1283]),
                epsilon: 1e-6
            )
            backend.activate(norm, .gelu)
            return norm.floats()
        }
        #expect(results[0] == results[1] && results[0] == results[2])
    }
}

struct LogitTests {
    @Test(arguments: TestedBackend.allF32)
    func logProbabilitiesAreExactToAHundredThousandth(tested: TestedBackend) {
        var noise = Noise(seed: 41)
        let values = noise.floats(2 * 32_003, scale: 12)
        let logits = Tensor(values, shape: [2, 32_003])
        let row = values[32_003...].map { Double($0) }
        let largest = row.max() ?? 0
        let expected = largest + log(row.reduce(0) { $0 + exp($1 - largest) })
        #expect(abs(tested.backend.logSumExp(logits, row: 1) - expected) < 1e-6)
        let probabilities = tested.backend.logProbabilities(logits, row: 1)
        expectClose(probabilities, row.map { $0 - expected }.floats, relative: 1e-7, absolute: 1e-6)
        #expect(tested.backend.argMax(logits, row: 1) == row.firstIndex(of: largest))
    }

    @Test(arguments: TestedBackend.allF32)
    func extremesOfLogits(tested: TestedBackend) {
        let backend = tested.backend
        let none = Tensor([-.infinity, -.infinity], shape: [1, 2])
        #expect(backend.logSumExp(none, row: 0) == -.infinity)
        #expect(backend.argMax(none, row: 0) == 0)
        let one = Tensor([-.infinity, 3, -.infinity], shape: [1, 3])
        #expect(backend.logProbabilities(one, row: 0) == [-.infinity, 0, -.infinity])
        #expect(backend.argMax(Tensor([.nan, 1, 2, 2], shape: [1, 4]), row: 0) == 2)
        #expect(backend.logSumExp(Tensor([.nan, 1], shape: [1, 2]), row: 0).isNaN)
        #expect(backend.argMax(Tensor([.nan, .nan], shape: [1, 2]), row: 0) == 0)
    }

    @Test
    func topIsSortedAndTiesGoToTheLowestIndex() {
        let backend = TestedBackend(.f32).backend
        let logits = Tensor([0, 0, 1, 5, .nan, 5, 2, -.infinity], shape: [1, 8])
        let top = backend.top(4, of: logits, row: 0)
        #expect(top.map(\.index) == [3, 5, 6, 2] && top.map(\.value) == [5, 5, 2, 1])
        #expect(backend.top(100, of: logits, row: 0).map(\.index) == [3, 5, 6, 2, 0, 1, 7, 4])
        #expect(backend.top(0, of: logits, row: 0).isEmpty)
    }

    @Test
    func topEqualsASortOfRandomNumbersWithTies() {
        let backend = TestedBackend(.f32).backend
        var noise = Noise(seed: 42)
        let values = (0..<5000).map { _ in (noise.float() * 50).rounded() }
        let sorted = values.indices.sorted { (-values[$0], $0) < (-values[$1], $1) }
        let top = backend.top(130, of: Tensor(values, shape: [1, 5000]), row: 0)
        #expect(top.map(\.index) == Array(sorted.prefix(130)))
    }
}
