/// Moves labels apart that would stand on each other.
enum LabelSpread {
    /// Moves places apart, by a pass from each end.
    ///
    /// - Parameters:
    ///   - wanted: where each should stand.
    ///   - distance: between neighbours at least.
    ///   - range: what they stand in; crowded labels may leave it below.
    /// - Returns: places in the same order, at least `distance` apart.
    static func places(
        _ wanted: [Double],
        distance: Double,
        in range: ClosedRange<Double>
    ) -> [Double] {
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        var places = order.map { wanted[$0] }
        for index in places.indices.dropFirst() {
            places[index] = max(places[index], places[index - 1] + distance)
        }
        var limit = range.upperBound
        for index in places.indices.reversed() {
            places[index] = min(places[index], limit)
            limit = places[index] - distance
        }
        if let first = places.first, first < range.lowerBound {
            places = places.map { $0 + range.lowerBound - first }
        }
        var result = wanted
        for (place, index) in zip(places, order) { result[index] = place }
        return result
    }
}
