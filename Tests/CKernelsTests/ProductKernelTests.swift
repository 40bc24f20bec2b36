import TestSupport
import Testing

/// Sizes around register widths and block heights, each dimension swept from 1 to 67.
private let sweep: [KernelSet.Sizes] =
    (1...67).flatMap { size in
        [
            .init(m: size, n: 5, k: 33), .init(m: 3, n: size, k: 47), .init(m: 7, n: 6, k: size),
            .init(m: size, n: size, k: size),
        ]
    } + [.init(m: 2, n: 3, k: 257), .init(m: 13, n: 9, k: 519), .init(m: 5, n: 7, k: 4133)]

private func widened(_ x: [UInt16]) -> [Float] { x.map { Float(bitPattern: UInt32($0) << 16) } }

/// `a bT + bias` in double and the sum of magnitudes, which rounding errors are measured by.
private func reference(
    _ a: [Float],
    _ b: [Float],
    bias: [Float]?,
    _ sizes: KernelSet.Sizes
) -> (values: [Double], magnitudes: [Double]) {
    var values: [Double] = []
    var magnitudes: [Double] = []
    for i in 0..<sizes.m {
        for j in 0..<sizes.n {
            var sum = Double(bias?[j] ?? 0)
            var magnitude = abs(sum)
            for l in 0..<sizes.k {
                let product = Double(a[i * sizes.k + l]) * Double(b[j * sizes.k + l])
                sum += product
                magnitude += abs(product)
            }
            values.append(sum)
            magnitudes.append(magnitude)
        }
    }
    return (values, magnitudes)
}

private func expectClose(
    _ got: [Float],
    _ expected: (values: [Double], magnitudes: [Double]),
    _ sizes: KernelSet.Sizes,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let worst = got.indices.first {
        !(abs(Double(got[$0]) - expected.values[$0]) <= 4e-7 * expected.magnitudes[$0] + 1e-30)
    }
    if let worst {
        Issue.record(
            "\(sizes.testDescription): element \(worst) is \(got[worst]), not \(expected.values[worst])",
            sourceLocation: sourceLocation
        )
    }
}

struct ProductKernelTests {
    @Test(arguments: KernelSet.all)
    func productsOfFloatsAreRightAtEverySize(kernels: KernelSet) {
        var noise = Noise(seed: 1)
        for sizes in sweep {
            let a = noise.floats(sizes.m * sizes.k)
            let b = noise.floats(sizes.n * sizes.k)
            let bias = sizes.k % 2 == 0 ? noise.floats(sizes.n) : nil
            expectClose(
                kernels.gemm(a, b, bias: bias, sizes),
                reference(a, b, bias: bias, sizes),
                sizes
            )
        }
    }

    @Test(arguments: KernelSet.all)
    func productsOfBF16AreRightAtEverySize(kernels: KernelSet) {
        var noise = Noise(seed: 2)
        for sizes in sweep {
            let a = noise.bf16Patterns(sizes.m * sizes.k)
            let b = noise.bf16Patterns(sizes.n * sizes.k)
            let bias = sizes.k % 2 == 0 ? noise.floats(sizes.n) : nil
            expectClose(
                kernels.gemm(a, b, bias: bias, sizes),
                reference(widened(a), widened(b), bias: bias, sizes),
                sizes
            )
        }
    }

    @Test(arguments: KernelSet.all, [1, 3, 31, 32, 33, 80, 257, 2048, 2049, 5000])
    func aRowAloneHasTheBitsOfTheRowInABlock(kernels: KernelSet, k: Int) {
        var noise = Noise(seed: 3)
        let (m, n) = (29, 11)
        let (a, b) = (noise.floats(m * k), noise.floats(n * k))
        let (ha, hb) = (noise.bf16Patterns(m * k), noise.bf16Patterns(n * k))
        let whole = kernels.gemm(a, b, .init(m: m, n: n, k: k))
        let wholeHalf = kernels.gemm(ha, hb, .init(m: m, n: n, k: k))
        for i in 0..<m {
            let row = i * k..<(i + 1) * k
            let expected = i * n..<(i + 1) * n
            #expect(
                kernels.gemm(Array(a[row]), b, .init(m: 1, n: n, k: k)) == Array(whole[expected])
            )
            #expect(
                kernels.gemm(Array(ha[row]), hb, .init(m: 1, n: n, k: k))
                    == Array(wholeHalf[expected])
            )
        }
        for j in 0..<n {
            let row = j * k..<(j + 1) * k
            let column = (0..<m).map { whole[$0 * n + j] }
            let columnHalf = (0..<m).map { wholeHalf[$0 * n + j] }
            #expect(kernels.gemm(a, Array(b[row]), .init(m: m, n: 1, k: k)) == column)
            #expect(kernels.gemm(ha, Array(hb[row]), .init(m: m, n: 1, k: k)) == columnHalf)
        }
    }

    @Test(arguments: KernelSet.all)
    func misalignmentChangesNoBit(kernels: KernelSet) {
        var noise = Noise(seed: 4)
        let sizes = KernelSet.Sizes(m: 7, n: 9, k: 77)
        let (a, b) = (noise.floats(7 * 77), noise.floats(9 * 77))
        let (ha, hb) = (noise.bf16Patterns(7 * 77), noise.bf16Patterns(9 * 77))
        for misalignment in 0..<16 {
            var other = kernels
            other.misalignment = misalignment
            #expect(other.gemm(a, b, sizes) == kernels.gemm(a, b, sizes))
            #expect(other.gemm(ha, hb, sizes) == kernels.gemm(ha, hb, sizes))
        }
    }

    @Test(arguments: KernelSet.all)
    func aNaNTouchesItsRowOnlyAndInfinityStays(kernels: KernelSet) {
        let sizes = KernelSet.Sizes(m: 5, n: 6, k: 37)
        for place in [0, 31, 36] {
            var a = [Float](repeating: 1, count: 5 * 37)
            a[2 * 37 + place] = .nan
            a[4 * 37 + place] = .infinity
            let b = [Float](repeating: 1, count: 6 * 37)
            let halves = { (x: [Float]) in x.map { UInt16($0.bitPattern >> 16) } }
            for out in [kernels.gemm(a, b, sizes), kernels.gemm(halves(a), halves(b), sizes)] {
                let rest = out[..<12] + out[18..<24]
                #expect(rest.filter { $0 == 37 }.count == rest.count)
                #expect(out[24..<30].allSatisfy { $0 == .infinity })
                #expect((out[..<12] + out[18..<24]).allSatisfy { $0 == 37 })
            }
        }
    }

    @Test(arguments: KernelSet.all)
    func anEmptyReductionLeavesTheBias(kernels: KernelSet) {
        let sizes = KernelSet.Sizes(m: 2, n: 3, k: 0)
        let none: [Float] = []
        #expect(kernels.gemm(none, none, bias: [1, 2, 3], sizes) == [1, 2, 3, 1, 2, 3])
        #expect(kernels.gemm(none, none, sizes) == [0, 0, 0, 0, 0, 0])
    }
}

struct ValueSumKernelTests {
    @Test(arguments: KernelSet.all)
    func weightedSumsAreRightAtEverySize(kernels: KernelSet) {
        var noise = Noise(seed: 5)
        for size in 1...67 {
            for sizes in [
                KernelSet.Sizes(m: size % 13 + 1, n: 9, k: size), .init(m: 3, n: size, k: 21),
            ] {
                let start = noise.floats(sizes.m * sizes.k)
                let p = noise.floats(sizes.m * sizes.n)
                let halves = noise.bf16Patterns(sizes.n * sizes.k)
                let v = widened(halves)
                let got = kernels.accumulate(start, p, v, sizes, pieces: [sizes.n])
                let gotHalf = kernels.accumulate(start, p, halves, sizes, pieces: [sizes.n])
                #expect(gotHalf == got, "bf16 values are widened exactly")
                let expected = start.indices.map { index in
                    let (i, l) = (index / sizes.k, index % sizes.k)
                    return (0..<sizes.n).reduce(Double(start[index])) {
                        $0 + Double(p[i * sizes.n + $1]) * Double(v[$1 * sizes.k + l])
                    }
                }
                expectClose(got, expected.map { Float($0) }, absolute: 1e-5)
            }
        }
    }

    @Test(arguments: KernelSet.all)
    func cutsAndNeighbouringRowsChangeNoBit(kernels: KernelSet) {
        var noise = Noise(seed: 6)
        let sizes = KernelSet.Sizes(m: 12, n: 64, k: 43)
        let start = noise.floats(12 * 43)
        let p = noise.floats(12 * 64)
        let v = noise.floats(64 * 43)
        let whole = kernels.accumulate(start, p, v, sizes, pieces: [64])
        #expect(kernels.accumulate(start, p, v, sizes, pieces: [1, 30, 2, 31]) == whole)
        for i in 0..<12 {
            let row = i * 43..<(i + 1) * 43
            let alone = kernels.accumulate(
                Array(start[row]),
                Array(p[i * 64..<(i + 1) * 64]),
                v,
                .init(m: 1, n: 64, k: 43),
                pieces: [64]
            )
            #expect(alone == Array(whole[row]))
        }
    }
}
