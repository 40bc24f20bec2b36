import TestSupport

/// Reproducible vectors of length 1.
func unitVectors(_ count: Int, width: Int, seed: UInt64) -> [[Float]] {
    var noise = Noise(seed: seed)
    return (0..<count).map { _ in
        let vector = noise.floats(width)
        let length = Float(dot(vector, vector).squareRoot())
        return vector.map { $0 / length }
    }
}

/// The dot product in double.
func dot(_ x: [Float], _ y: [Float]) -> Double {
    zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
}
