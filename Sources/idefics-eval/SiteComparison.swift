import Comparison
import EvalCore
import Reporting
import RunStore

/// Two runs of a site, compared sample by sample, as their page shows them.
struct SiteComparison {
    /// Samples that a page shows side by side at most.
    static let flipLimit = 60

    private let first: SiteSide
    private let second: SiteSide
    private let difference: String
    private let comparison: RunComparison

    init(_ first: SiteSide, _ second: SiteSide, difference: String) {
        (self.first, self.second, self.difference) = (first, second, difference)
        comparison = RunComparison(first.compared, second.compared)
    }

    /// What the page of the pair shows.
    /// - Parameters:
    ///   - reader: the store.
    ///   - limit: samples shown side by side at most.
    /// - Returns: the view.
    /// - Throws: store errors; `CommandError` if a thumbnail cannot be written.
    func view(_ reader: RunStoreReader, flips limit: Int) throws -> ComparisonView {
        let worse = comparison.flips.filter { $0.difference < 0 }
        // Largest first, as losses are.
        let better = Array(comparison.flips.filter { $0.difference > 0 }.reversed())
        let changed = comparison.flips.filter { $0.difference == 0 }
        let shown = Self.shared(limit, among: [worse, better, changed])
        return ComparisonView(
            first: first.run,
            second: second.run,
            difference: difference,
            comparison: comparison,
            flips: try flips(of: shown, reader)
        )
    }

    /// Ids of up to so many flips: of each group a third, and what others leave free.
    private static func shared(_ limit: Int, among groups: [[SampleFlip]]) -> [String] {
        var shown: [String] = []
        var free = limit
        for (index, group) in groups.enumerated() {
            let share = free / (groups.count - index)
            let spare = groups[(index + 1)...].reduce(0) { $0 + $1.count }
            let count = min(group.count, max(share, free - spare))
            shown += group.prefix(count).map(\.second.id)
            free -= count
        }
        return shown
    }

    /// Both sides of some samples.
    private func flips(
        of ids: [String],
        _ reader: RunStoreReader
    ) throws -> [ComparisonView.Flip] {
        let sides = try [first, second].map { side in
            try side.views.views(
                of: ids.compactMap { try reader.sample($0, of: side.run.run) }
            )
        }
        return zip(sides[0], sides[1]).map { ComparisonView.Flip(first: $0, second: $1) }
    }
}
