/// Which vectors count as unit vectors: rounding may move their length a little.
enum UnitLength {
    /// f32 vectors of some thousand numbers stay a hundred times closer.
    private static let tolerance = 1e-4

    /// The length of a vector; NaN or infinite if it has no length.
    static func of(_ vector: [Float]) -> Double {
        vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }

    /// Whether a vector of this length is a unit vector; false for NaN.
    static func admits(_ length: Double) -> Bool { abs(length - 1) <= tolerance }
}
