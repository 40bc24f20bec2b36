/// Reproducible numbers for tests (the SplitMix64 generator).
public struct Noise: RandomNumberGenerator {
    private var state: UInt64

    /// Starts a sequence.
    /// - Parameter seed: equal seeds give equal sequences.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    /// - Returns: uniform bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// The next number.
    /// - Returns: uniform in -1 ..< 1.
    public mutating func float() -> Float { Float(next() >> 40) / Float(1 << 23) - 1 }

    /// The next numbers.
    /// - Parameters:
    ///   - count: how many.
    ///   - scale: the bound of their magnitude.
    /// - Returns: uniform in `-scale ..< scale`.
    public mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in float() * scale }
    }

    /// The bit patterns of the next bf16 numbers.
    /// - Parameter count: how many.
    /// - Returns: patterns of numbers in -1 ..< 1.
    public mutating func bf16Patterns(_ count: Int) -> [UInt16] {
        (0..<count).map { _ in UInt16(float().bitPattern >> 16) }
    }
}
