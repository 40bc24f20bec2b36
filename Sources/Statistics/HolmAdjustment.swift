/// Holm's adjustment of p-values that are looked at together ("A simple sequentially rejective
/// multiple test procedure", 1979): the chance of one or more false alarms stays below the level.
public enum HolmAdjustment {
    /// Adjusted p-values, to be held against the level itself.
    /// - Parameter probabilities: 0…1 each, in any order.
    /// - Returns: as many, in the same order, none below the one it came from.
    public static func adjusted(_ probabilities: [Double]) -> [Double] {
        let order = probabilities.indices.sorted {
            (probabilities[$0], $0) < (probabilities[$1], $1)
        }
        var adjusted = probabilities
        var largest = 0.0
        for (place, index) in order.enumerated() {
            let factor = Double(probabilities.count - place)
            largest = max(largest, min(1, factor * probabilities[index]))
            adjusted[index] = largest
        }
        return adjusted
    }
}
