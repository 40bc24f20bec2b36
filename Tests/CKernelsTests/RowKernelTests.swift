import CKernels
import Foundation
import TestSupport
import Testing

extension Sequence<Double> {
    /// Each rounded to the nearest float.
    fileprivate var floats: [Float] { map { Float($0) } }
}

private func activated(_ x: Double, _ activation: ik_activation) -> Double {
    switch activation {
    case IK_GELU: 0.5 * x * (1 + erf(x / 2.squareRoot()))
    case IK_QUICK_GELU: x / (1 + exp(-1.702 * x))
    case IK_RELU: max(x, 0)
    default: x / (1 + exp(-x))
    }
}

struct RowKernelTests {
    @Test(arguments: KernelSet.all, [IK_GELU, IK_QUICK_GELU, IK_RELU, IK_SILU])
    func activationsAreAccurateOverTheWholeRange(kernels: KernelSet, activation: ik_activation) {
        let x = (-10_000...10_000).map { Float($0) / 100 } + [1e-8, -1e-8, 1e-30, -1e-30, 0, 1e10]
        // The tail of gelu cancels in 1 + erf: its error is absolute.
        expectClose(
            kernels.activate(x, activation),
            x.map { activated(Double($0), activation) }.floats,
            relative: 6e-7,
            absolute: 3e-7
        )
    }

    @Test(arguments: KernelSet.all)
    func activationsTreatInfinityAndNaNAsTheSpecificationDoes(kernels: KernelSet) {
        for activation in [IK_GELU, IK_QUICK_GELU, IK_RELU, IK_SILU] {
            let got = kernels.activate([.infinity, .nan, 200, -200], activation)
            #expect(got[0] == .infinity && got[1].isNaN && got[2] == 200 && abs(got[3]) < 1e-30)
        }
    }

    @Test(arguments: KernelSet.all, Array(0...67) + [1000])
    func elementwiseKernelsAreRightAtEveryLength(kernels: KernelSet, count: Int) {
        var noise = Noise(seed: UInt64(count))
        let (x, y, z) = (noise.floats(count), noise.floats(count), noise.floats(count))
        #expect(kernels.add(x, y) == zip(x, y).map { $0 + $1 })
        #expect(kernels.multiply(x, y) == zip(x, y).map { $0 * $1 })
        #expect(kernels.scale(x, 0.3) == x.map { $0 * 0.3 })
        let tripled = zip(x, y).map { Double($0) + 3 * Double($1) }
        expectClose(kernels.addScaled(x, y, 3), tripled.floats, relative: 2e-7, absolute: 3e-7)
        let gated = zip(zip(x, y), z).map { Double($0.0) + Double($0.1) * Double($1) }
        expectClose(kernels.addGated(x, y, gate: z), gated.floats, relative: 2e-7, absolute: 3e-7)
        let silu = x.map { activated(Double($0), IK_SILU) }
        expectClose(kernels.activate(x, IK_SILU), silu.floats, relative: 6e-7, absolute: 1e-9)
    }

    @Test(arguments: KernelSet.all, Array(1...67) + [1280, 4096, 4099])
    func normsAreRightAtEveryWidth(kernels: KernelSet, count: Int) {
        var noise = Noise(seed: UInt64(count))
        let x = noise.floats(count, scale: 3).map { $0 + 0.5 }
        let (weight, bias) = (noise.floats(count), noise.floats(count))
        let n = Double(count)
        let doubles = x.map { Double($0) }
        let square = doubles.reduce(0) { $0 + $1 * $1 } / n
        let rms = zip(doubles, weight).map { $0 / (square + 1e-6).squareRoot() * Double($1) }
        expectClose(
            kernels.rmsNorm(x, weight: weight, epsilon: 1e-6),
            rms.floats,
            relative: 1e-6,
            absolute: 1e-9
        )
        let mean = doubles.reduce(0, +) / n
        let variance = doubles.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        let layer = doubles.indices.map {
            (doubles[$0] - mean) / (variance + 1e-5).squareRoot() * Double(weight[$0])
                + Double(bias[$0])
        }
        expectClose(
            kernels.layerNorm(x, weight: weight, bias: bias, epsilon: 1e-5),
            layer.floats,
            relative: 2e-6,
            absolute: 2e-6
        )
    }

    @Test(arguments: KernelSet.all)
    func layerNormSurvivesALargeMean(kernels: KernelSet) {
        let x = (0..<1000).map { 1000 + Float($0 % 7) }
        let ones = [Float](repeating: 1, count: 1000)
        let zeros = [Float](repeating: 0, count: 1000)
        let got = kernels.layerNorm(x, weight: ones, bias: zeros, epsilon: 1e-5)
        let mean = x.reduce(0.0) { $0 + Double($1) } / 1000
        let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 1000
        expectClose(
            got,
            x.map { (Double($0) - mean) / (variance + 1e-5).squareRoot() }.floats,
            relative: 1e-4,
            absolute: 1e-4
        )
    }

    @Test(arguments: KernelSet.all, [2, 4, 6, 12, 30, 32, 34, 64, 80, 96, 128])
    func rotationTurnsHalvesOfEachHead(kernels: KernelSet, d: Int) {
        var noise = Noise(seed: UInt64(d))
        let x = noise.floats(3 * d)
        let angles = noise.floats(d / 2, scale: 3)
        let got = kernels.rotate(
            x,
            cosines: angles.map { cos($0) },
            sines: angles.map { sin($0) },
            heads: 3
        )
        var expected = [Double](repeating: 0, count: 3 * d)
        for head in 0..<3 {
            for j in 0..<d / 2 {
                let (low, high) = (Double(x[head * d + j]), Double(x[head * d + j + d / 2]))
                let (c, s) = (Double(cos(angles[j])), Double(sin(angles[j])))
                expected[head * d + j] = low * c - high * s
                expected[head * d + j + d / 2] = high * c + low * s
            }
        }
        expectClose(got, expected.floats, relative: 2e-7, absolute: 2e-7)
    }
}

struct SoftmaxKernelTests {
    @Test(arguments: KernelSet.all, 1...67)
    func tilesAddUpToTheSoftmaxOfTheWhole(kernels: KernelSet, count: Int) {
        var noise = Noise(seed: UInt64(count))
        let tiles = (0..<3).map { _ in noise.floats(count, scale: 20) }
        var state = KernelSet.SoftmaxState()
        var weights: [Float] = []
        for tile in tiles {
            let (next, factor) = kernels.softmaxTile(tile, &state, scale: 0.25)
            weights = weights.map { $0 * factor } + next
        }
        let scores = tiles.joined().map { Double($0) * 0.25 }
        let largest = scores.max() ?? 0
        let total = scores.reduce(0) { $0 + exp($1 - largest) }
        expectClose(
            weights.map { $0 / state.sum },
            scores.map { exp($0 - largest) / total }.floats,
            relative: 2e-6,
            absolute: 1e-30
        )
        #expect(abs(Double(state.maximum) - largest) < 1e-6)
    }

    @Test(arguments: KernelSet.all)
    func aTileOfOnlyMinusInfinityWeighsNothing(kernels: KernelSet) {
        var state = KernelSet.SoftmaxState()
        let masked = [Float](repeating: -.infinity, count: 19)
        let first = kernels.softmaxTile(masked, &state, scale: 1)
        #expect(first.weights == [Float](repeating: 0, count: 19) && state.sum == 0)
        let second = kernels.softmaxTile([2, 2], &state, scale: 1)
        #expect(second.weights == [1, 1] && state == .init(maximum: 2, sum: 2))
        let third = kernels.softmaxTile(masked, &state, scale: 1)
        #expect(third.factor == 1 && third.weights == [Float](repeating: 0, count: 19))
        #expect(state == .init(maximum: 2, sum: 2))
    }

    @Test(arguments: KernelSet.all)
    func aNaNScoreIsNotLost(kernels: KernelSet) {
        var state = KernelSet.SoftmaxState()
        let result = kernels.softmaxTile([1, .nan, 2], &state, scale: 1)
        #expect(result.weights[1].isNaN && state.sum.isNaN)
    }

    @Test(arguments: KernelSet.all, Array(0...67) + [32_003])
    func maximumAndSumOfExponentialsAreRight(kernels: KernelSet, count: Int) {
        var noise = Noise(seed: UInt64(count))
        let x = noise.floats(count, scale: 30)
        let maximum = kernels.maximum(x)
        #expect(maximum == x.max() ?? -.infinity)
        let origin = maximum.isFinite ? maximum : 0
        let expected = x.reduce(0.0) { $0 + exp(Double($1) - Double(origin)) }
        #expect(abs(kernels.sumExp(x, maximum: origin) - expected) <= 3e-7 * expected)
    }

    @Test(arguments: KernelSet.all)
    func maximumSkipsNaN(kernels: KernelSet) {
        for place in [0, 5, 16, 40] {
            var x = (0..<41).map { -Float($0) }
            x[place] = .nan
            #expect(kernels.maximum(x) == (place == 0 ? -1 : 0))
        }
        #expect(kernels.maximum([.nan, .nan]) == -.infinity)
        #expect(kernels.maximum([-.infinity, -.infinity]) == -.infinity)
        #expect(kernels.sumExp([-.infinity, 0, -200], maximum: 0) == 1 + exp(-200))
    }

    @Test(arguments: KernelSet.all, Array(0...67))
    func positionsAreThoseOfElementsThatReachTheBound(kernels: KernelSet, count: Int) {
        var noise = Noise(seed: UInt64(count))
        var x = noise.floats(count)
        if count > 3 { x[count / 2] = .nan }
        for bound in [-Float.infinity, -1, 0, x.first ?? 0, 0.5, 2, .infinity] {
            let expected = x.indices.filter { x[$0] >= bound }.map { UInt32($0) }
            #expect(kernels.positions(in: x, atLeast: bound) == expected)
        }
    }
}
