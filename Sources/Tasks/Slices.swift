internal import EvalCore

/// Cuts a split into the disjoint, seeded slices that a task file names.
///
/// The rows are ordered by a random rank that each one's id has by itself, so the order of the
/// file plays no part. The slices take this order block by block as the task file lists them. With
/// fewer rows than all slices together need, each is the whole split (contracts.md section 7).
struct Slices {
    /// False if the split has too few rows.
    let areDisjoint: Bool
    /// Indices of all rows in the order of the draw.
    private let order: [Int]
    /// Where each slice lies in `order`.
    private let blocks: [String: Range<Int>]
    /// The part of `order` behind all slices.
    private let rest: Range<Int>
    /// Slices that shots are drawn from, in file order.
    private let supports: [String]

    /// Draws the slices.
    /// - Parameters:
    ///   - task: the task that names them.
    ///   - source: name of the split that they are cut from.
    ///   - samples: its samples.
    ///   - seed: the seed of the run.
    init(task: TaskDefinition, source: String, samples: any SampleSource, seed: UInt64) {
        let generator = KeyedGenerator(seed: seed, key: ["slices", task.name, source])
        order = Self.order(of: samples, generator: generator)
        var blocks: [String: Range<Int>] = [:]
        var supports: [String] = []
        var end = 0
        for split in task.splits where split.origin == .slice(of: source) {
            blocks[split.name] = end..<(end + split.count)
            if split.support == nil { supports.append(split.name) }
            end += split.count
        }
        areDisjoint = end <= samples.count
        self.blocks = blocks
        self.supports = supports
        rest = areDisjoint ? end..<samples.count : 0..<0
    }

    /// The rows of a slice, in the order of the draw.
    func members(of slice: String) -> [Int] {
        areDisjoint ? Array(order[block(slice)]) : order
    }

    /// The first `count` rows of a support set drawn from a slice.
    ///
    /// One larger than the slice goes on with rows that belong to no slice, then with those of
    /// the other slices that shots are drawn from, never with those of a query slice.
    func support(of slice: String, count: Int) -> [Int] {
        guard areDisjoint else { return Array(order.prefix(count)) }
        let others = supports.filter { $0 != slice }.map(block)
        return Array(([block(slice), rest] + others).flatMap { order[$0] }.prefix(count))
    }

    private func block(_ slice: String) -> Range<Int> {
        guard let block = blocks[slice] else { preconditionFailure("no slice \(slice)") }
        return block
    }

    /// The rows of a whole split in the order of their ranks; of equal ranks, of their ids.
    static func order(of samples: any SampleSource, generator: KeyedGenerator) -> [Int] {
        let ranks = (0..<samples.count).map { index in
            var generator = generator.keyed(by: samples.id(at: index))
            return (rank: generator.next(), index: index)
        }
        return ranks.sorted { first, second in
            guard first.rank == second.rank else { return first.rank < second.rank }
            let ids = (samples.id(at: first.index), samples.id(at: second.index))
            return ids.0.utf8.lexicographicallyPrecedes(ids.1.utf8)
        }.map(\.index)
    }
}
