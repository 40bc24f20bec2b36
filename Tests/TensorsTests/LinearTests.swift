import COpenBLAS
import Foundation
import Tensors
import TestSupport
import Testing

struct LinearTests {
    @Test(arguments: TestedBackend.allFloats)
    func productEqualsTheDefinition(tested: TestedBackend) {
        var noise = Noise(seed: 11)
        let isHalf = tested.backend.precision == .bf16
        for (m, n, k) in [(1, 1, 1), (5, 7, 12), (13, 67, 60), (200, 33, 130), (3, 300, 257)] {
            let (x, w) = (noise.floats(m * k), noise.floats(n * k))
            let bias = noise.floats(n)
            let out = tested.backend.linear(
                Tensor(x, shape: [m, k]),
                tested.backend.prepare(Tensor(w, shape: [n, k])),
                bias: Tensor(bias, shape: [n])
            )
            let (left, right) = isHalf ? (x.map(roundedToBF16), w.map(roundedToBF16)) : (x, w)
            var expected: [Double] = []
            for i in 0..<m {
                for j in 0..<n {
                    expected.append(
                        (0..<k).reduce(Double(bias[j])) {
                            $0 + Double(left[i * k + $1]) * Double(right[j * k + $1])
                        }
                    )
                }
            }
            #expect(out.shape == [m, n])
            expectClose(out.floats(), expected.floats, relative: 1e-6, absolute: 1e-5)
        }
    }

    @Test
    func threadsAndRowsOfABatchChangeNoBit() {
        var noise = Noise(seed: 12)
        for (m, n, k) in [(1, 300, 70), (37, 131, 515), (300, 270, 64), (49, 133, 1101)] {
            let x = Tensor(noise.floats(m * k), shape: [m, k])
            let w = Tensor(noise.floats(n * k), shape: [n, k])
            for name in CPUBackend.availableKernelSets {
                for precision in Precision.allCases {
                    let outs = [1, 2, 3].map { threads in
                        let backend = TestedBackend(
                            precision,
                            threads: threads,
                            kernelSet: name
                        ).backend
                        return backend.linear(x, backend.prepare(w)).floats()
                    }
                    #expect(outs[0] == outs[1] && outs[0] == outs[2])
                    let backend = TestedBackend(precision, kernelSet: name).backend
                    let rows = [m - 1, 0, m / 2]
                    let some = backend.linear(x, rows: rows, backend.prepare(w), bias: nil)
                    for (place, row) in rows.enumerated() {
                        #expect(some.row(place) == Array(outs[0][row * n..<(row + 1) * n]))
                    }
                }
            }
        }
    }

    @Test(arguments: TestedBackend.allF32, [(64, 96, 512), (129, 65, 333), (8, 256, 1024)])
    func floatsAgreeWithOpenBLAS(tested: TestedBackend, sizes: (m: Int, n: Int, k: Int)) {
        let (m, n, k) = sizes
        unsafe setenv("OPENBLAS_NUM_THREADS", "1", 1)
        var noise = Noise(seed: 13)
        let (x, w) = (noise.floats(m * k), noise.floats(n * k))
        var expected = [Float](repeating: 0, count: m * n)
        unsafe cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasTrans,
            blasint(m),
            blasint(n),
            blasint(k),
            1,
            x,
            blasint(k),
            w,
            blasint(k),
            0,
            &expected,
            blasint(n)
        )
        let out = tested.backend.linear(
            Tensor(x, shape: [m, k]),
            tested.backend.prepare(Tensor(w, shape: [n, k]))
        )
        expectClose(out.floats(), expected, absolute: 2e-7 * Float(k))
    }

    @Test
    func aWeightOfMoreThanTwoExtentsIsFlattened() {
        let backend = TestedBackend(.f32).backend
        let weight = backend.prepare(Tensor((0..<24).map { Float($0) }, shape: [2, 3, 2, 2]))
        #expect(weight.outputSize == 2 && weight.inputSize == 12)
        let x = Tensor([Float](repeating: 1, count: 12), shape: [1, 12])
        #expect(backend.linear(x, weight).floats() == [66, 210])
    }

    @Test(arguments: TestedBackend.allFloats)
    func preparedWeightsHaveTheValuesOfAnyDType(tested: TestedBackend) {
        // Multiples of 1/8 are exact in every dtype, so products are exact in f32 and bf16.
        let values = (0..<15).map { Float($0 - 7) / 8 }
        let f32 = Tensor(values, shape: [3, 5])
        let unit = Tensor([1, 0, 0, 0, 0, 0, 0, 0, 0, 1], shape: [2, 5])
        let expected: [Float] = [
            values[0], values[5], values[10], values[4], values[9], values[14],
        ]
        for weight in [f32, f32.converted(to: .bf16), f32.convertedToF16()] {
            let out = tested.backend.linear(unit, tested.backend.prepare(weight))
            #expect(out.floats() == expected)
        }
    }

    @Test
    func noRowsGiveNoRows() {
        for tested in TestedBackend.all {
            let out = tested.backend.linear(
                Tensor(zeros: [0, 4]),
                tested.backend.prepare(Tensor(zeros: [3, 4]))
            )
            #expect(out.shape == [0, 3])
        }
    }
}

extension Tensor {
    /// A half-precision copy, by way of a safetensors file's bytes.
    fileprivate func convertedToF16() -> Tensor {
        do {
            return try withTemporaryDirectory { folder in
                let path = folder.appendingPathComponent("f16.safetensors").path
                var data = [UInt8]()
                let text =
                    #"{"a":{"dtype":"F16","shape":\#(shape),"data_offsets":[0,\#(count * 2)]}}"#
                data += (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) }
                data += text.utf8
                for value in floats() {
                    let bits = Float16(value).bitPattern
                    data += [UInt8(bits & 0xff), UInt8(bits >> 8)]
                }
                try Data(data).write(to: URL(fileURLWithPath: path))
                return try SafetensorsFile(path).tensor("a")
            }
        } catch {
            fatalError("no f16 file: \(error)")
        }
    }
}
