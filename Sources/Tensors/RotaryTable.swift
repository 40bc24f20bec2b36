import Foundation

/// Cosines and sines of the rotary position embedding in the half-split convention.
///
/// `angle[p, j] = p · base^(-2j/d)` for `j < d/2`, inverse frequencies and angles in f32 as the
/// reference implementation has them (Su et al., "RoFormer", section 3.4.2).
public struct RotaryTable: Sendable {
    /// `d`, the width of a head.
    public let headDimension: Int
    /// Positions `0..<positionCount` are covered.
    public let positionCount: Int
    /// `[positionCount, d/2]` f32.
    let cosines: Tensor
    /// `[positionCount, d/2]` f32.
    let sines: Tensor

    /// Tabulates all angles.
    /// - Parameters:
    ///   - headDimension: `d`, even and positive.
    ///   - positionCount: at least 1.
    ///   - base: 10000 for LLaMA.
    /// - Precondition: the head's width is even and positive.
    /// - Complexity: O(`positionCount` · d) sines.
    public init(headDimension: Int, positionCount: Int, base: Float = 10_000) {
        precondition(
            headDimension > 0 && headDimension % 2 == 0 && positionCount > 0,
            "rotary table: head width \(headDimension), \(positionCount) positions"
        )
        self.headDimension = headDimension
        self.positionCount = positionCount
        let half = headDimension / 2
        let frequencies = (0..<half).map { 1 / pow(base, Float(2 * $0) / Float(headDimension)) }
        var cosines: [Float] = []
        var sines: [Float] = []
        cosines.reserveCapacity(positionCount * half)
        sines.reserveCapacity(positionCount * half)
        for position in 0..<positionCount {
            for frequency in frequencies {
                let angle = Float(position) * frequency
                cosines.append(cos(angle))
                sines.append(sin(angle))
            }
        }
        self.cosines = Tensor(cosines, shape: [positionCount, half])
        self.sines = Tensor(sines, shape: [positionCount, half])
    }
}
