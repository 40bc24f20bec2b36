public import EvalCore

/// How shots are chosen.
public enum SelectionRule: Sendable, Hashable {
    /// No shots.
    case none
    /// Distinct members of the support set, drawn anew for each query.
    case random
    /// The members of the support set in its own order: that of the list it was made from.
    case fixed
    /// The members whose pictures are most alike to the query's; `SimilarShots` chooses them.
    case rices
}

/// Chooses shots for queries out of one support set.
///
/// A pure function of seed, task, split and query id: neither the order of queries nor how many
/// there are matters, and the k-shot selection is the beginning of every longer one.
public struct ShotSelector: Sendable {
    private let rule: SelectionRule
    private let support: SupportSet
    private let generator: KeyedGenerator
    private let exclusion: PictureExclusion

    /// Creates a selector.
    /// - Parameters:
    ///   - rule: how to choose.
    ///   - support: the pool; empty with `.none`.
    ///   - seed: the seed of the run.
    ///   - task: the task's name.
    ///   - split: name of the queries' split.
    public init(
        rule: SelectionRule,
        support: SupportSet,
        seed: UInt64,
        task: String,
        split: String
    ) {
        self.rule = rule
        self.support = support
        generator = KeyedGenerator(seed: seed, key: ["shots", task, split])
        exclusion = PictureExclusion(support)
    }

    /// Checks that there are members for a number of shots, whatever the query.
    /// - Parameter count: number of shots, ≥ 0.
    /// - Throws: `ShotSelectionError` if the support set has fewer members.
    public func check(_ count: Int) throws(ShotSelectionError) {
        precondition(count >= 0, "number of shots is \(count)")
        if rule == .none, count > 0 { throw .selectionIsNone(asked: count) }
        try support.check(count)
    }

    /// Chooses the shots of one query.
    ///
    /// Members that show one of the query's pictures are never chosen.
    /// - Parameters:
    ///   - count: number of shots, ≥ 0.
    ///   - query: the query.
    ///   - contentDigests: digests of the query's picture files, where known.
    /// - Returns: positions in the support set in prompt order, and the number of members left
    ///   out.
    /// - Throws: `ShotSelectionError` if there are fewer members than shots.
    /// - Precondition: the rule is not `rices`.
    public func select(
        _ count: Int,
        for query: Sample,
        contentDigests: [String] = []
    ) throws(ShotSelectionError) -> ShotSelection {
        try check(count)
        let excluded = exclusion.positions(for: query, contentDigests: contentDigests)
        try support.check(count, excluded: excluded.count, query: query)
        let indices =
            switch rule {
            case .none: [Int]()
            case .random: take(count, of: draws(for: query), without: excluded)
            case .fixed: take(count, of: support.items.indices, without: excluded)
            case .rices: preconditionFailure("shots of query \(query.id) without its vector")
            }
        return ShotSelection(indices: indices, excludedCount: excluded.count)
    }

    /// What stands before the query of an open-ended 0-shot prompt, to be shown without pictures.
    ///
    /// Since the pictures are not shown, none excludes a member.
    /// - Parameters:
    ///   - rule: the protocol's rule.
    ///   - query: the query.
    /// - Returns: the first two members for every query alike, or two drawn for this query, or
    ///   none; of a fixed list always the first two.
    /// - Throws: `ShotSelectionError` if there are fewer than two members.
    /// - Precondition: the rules are not `pairPerQuery` and `rices`: `SimilarShots` chooses those.
    public func textOnlyPair(
        _ rule: ZeroShotRule,
        for query: Sample
    ) throws(ShotSelectionError) -> ShotSelection {
        guard self.rule != .none, rule != .none else { return ShotSelection(indices: []) }
        let count = support.items.count
        guard count >= 2 else { throw .tooFewForPair(available: count, slice: support.slice) }
        precondition(
            rule != .pairPerQuery || self.rule != .rices,
            "pair of query \(query.id) without its vector"
        )
        let drawsAnew = rule == .pairPerQuery && self.rule == .random
        return ShotSelection(indices: drawsAnew ? Array(draws(for: query).prefix(2)) : [0, 1])
    }

    private func draws(for query: Sample) -> DistinctDraws {
        DistinctDraws(count: support.items.count, generator: generator.keyed(by: query.id))
    }

    private func take(
        _ count: Int,
        of positions: some Sequence<Int>,
        without excluded: Set<Int>
    ) -> [Int] {
        Array(positions.lazy.filter { !excluded.contains($0) }.prefix(count))
    }
}

extension SupportSet {
    /// Checks that there are enough members for a number of shots.
    func check(_ count: Int) throws(ShotSelectionError) {
        if count > items.count {
            throw .tooManyShots(asked: count, available: items.count, slice: slice)
        }
    }

    /// Checks that there are enough members for a query, once those that show its picture are left
    /// out.
    func check(_ count: Int, excluded: Int, query: Sample) throws(ShotSelectionError) {
        try check(count)
        if count > items.count - excluded {
            throw .tooManyShotsForQuery(
                asked: count,
                available: items.count - excluded,
                excluded: excluded,
                slice: slice,
                query: query.id
            )
        }
    }
}
