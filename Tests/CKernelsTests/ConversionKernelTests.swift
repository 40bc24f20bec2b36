import TestSupport
import Testing

/// Rounding to bf16 by its definition: the nearer neighbour, on a tie the one with an even bit.
private func nearestBF16(_ x: Float) -> UInt16 {
    let below = UInt16(x.bitPattern >> 16)
    if x.isNaN { return below | 0x40 }
    let rest = x.bitPattern & 0xffff
    if rest > 0x8000 || (rest == 0x8000 && below % 2 == 1) { return below + 1 }
    return below
}

struct ConversionKernelTests {
    @Test(arguments: KernelSet.all)
    func everyUpperHalfRoundsToTheNearestEven(kernels: KernelSet) {
        for low in [0, 1, 0x1234, 0x7fff, 0x8000, 0x8001, 0xffff] as [UInt32] {
            let x = (0...0xffff as ClosedRange<UInt32>).map { Float(bitPattern: $0 << 16 | low) }
            #expect(kernels.roundBF16(x) == x.map(nearestBF16))
        }
    }

    @Test(arguments: KernelSet.all)
    func everyHalfWidensExactly(kernels: KernelSet) {
        let all = Array(0...0xffff as ClosedRange<UInt16>)
        #expect(kernels.widenBF16(all).map(\.bitPattern) == all.map { UInt32($0) << 16 })
        let wrong = zip(all, kernels.widenF16(all)).filter { bits, value in
            let expected = Float(Float16(bitPattern: bits))
            return value.sign != expected.sign
                || (expected.isNaN ? !value.isNaN : value != expected)
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: KernelSet.all, 0...67)
    func conversionsKeepToTheirLength(kernels: KernelSet, count: Int) {
        var noise = Noise(seed: 7)
        let x = noise.floats(count)
        #expect(kernels.roundBF16(x) == x.map(nearestBF16))
        let halves = noise.bf16Patterns(count)
        #expect(kernels.widenBF16(halves).count == count)
        #expect(kernels.widenF16(halves) == halves.map { Float(Float16(bitPattern: $0)) })
    }
}
