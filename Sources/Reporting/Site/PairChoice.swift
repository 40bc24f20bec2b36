public import EvalCore

/// Which runs of a benchmark are worth a page that compares them: those that one setting tells
/// apart.
public struct PairChoice: Sendable {
    /// Two runs of one benchmark.
    public struct Pair: Sendable, Hashable {
        /// The run that is compared with: of fewer shots, or the earlier one in the table.
        public var first: RunSummary
        /// The run that is compared.
        public var second: RunSummary
        /// What tells them apart: such as `0 → 4 shots`.
        public var difference: String
    }

    /// The pairs, in the order of the runs.
    public let pairs: [Pair]
    /// Pairs that are left out because there are too many.
    public let omittedCount: Int

    /// Chooses among the runs of a benchmark.
    /// - Parameters:
    ///   - runs: in the table's order.
    ///   - limit: pairs at most.
    public init(_ runs: [RunSummary], limit: Int = 40) {
        let scored = runs.filter { $0.metrics.first?.value != nil }
        let all = scored.indices.flatMap { index in
            scored[(index + 1)...].compactMap { Self.pair(scored[index], $0, among: scored) }
        }
        pairs = Array(all.prefix(limit))
        omittedCount = all.count - pairs.count
    }

    private static func pair(
        _ a: RunSummary,
        _ b: RunSummary,
        among runs: [RunSummary]
    ) -> Pair? {
        let differences = differences(a, b)
        let shots = (a.plan.recipe.shots, b.plan.recipe.shots)
        guard shots.0 != shots.1 else {
            // Another draw of shots is no other setting: tables join seeds.
            guard differences.count == 1, a.plan.recipe.seed == b.plan.recipe.seed else {
                return nil
            }
            return Pair(first: a, second: b, difference: differences[0])
        }
        guard differences.isEmpty, !runs.contains(where: { isBetween($0, a, b) }) else {
            return nil
        }
        let (first, second) = shots.0 < shots.1 ? (a, b) : (b, a)
        let counts = (first.plan.recipe.shots, second.plan.recipe.shots)
        return Pair(first: first, second: second, difference: "\(counts.0) → \(counts.1) shots")
    }

    /// True for a run of the same settings whose number of shots lies between theirs.
    private static func isBetween(_ run: RunSummary, _ a: RunSummary, _ b: RunSummary) -> Bool {
        let counts = [a.plan.recipe.shots, b.plan.recipe.shots].sorted()
        let shots = run.plan.recipe.shots
        return counts[0] < shots && shots < counts[1] && differences(run, a).isEmpty
            && differences(run, b).isEmpty
    }

    /// In what two runs differ besides the number of shots, in words.
    ///
    /// What a run does not have, such as an encoder or a support set, distinguishes it from none.
    private static func differences(_ a: RunSummary, _ b: RunSummary) -> [String] {
        let drawsShots = [a, b].map { $0.plan.recipe.supportDigest != nil }
        let readsTheSame = drawsShots[0] == drawsShots[1]
        let implied = implied(a.plan.recipe, b.plan.recipe)
        return zip(settings(of: a), settings(of: b)).compactMap { left, right in
            guard !implied.contains(left.name), let old = left.value, let new = right.value,
                old != new,
                left.name != "data" || readsTheSame
            else { return nil }
            let isPlain = left.name.isEmpty || left.name == "selection"
            return (isPlain ? "" : left.name + " ") + "\(old) → \(new)"
        }
    }

    /// Settings that follow from another one in which the runs differ: a checkpoint is its name and
    /// its weights, RICES has a support set of its own size, no shots are selected for 0 of them.
    private static func implied(_ a: RunRecipe, _ b: RunRecipe) -> Set<String> {
        var names: Set<String> = []
        if a.engine.model != b.engine.model { names.insert("weights") }
        if a.selection != b.selection { names.insert("support set of") }
        if a.shots != b.shots, a.selection == "none" || b.selection == "none" {
            names.insert("selection")
        }
        return names
    }

    private static func settings(of run: RunSummary) -> [(name: String, value: String?)] {
        let recipe = run.plan.recipe
        return [
            ("", recipe.engine.model), ("weights", String(recipe.engine.weightsDigest.prefix(8))),
            ("selection", recipe.selectionTitle), ("encoder", recipe.selectionEncoder),
            ("support set of", run.plan.supportCount.map(String.init)),
            ("seed", String(recipe.seed)), ("", recipe.promptProtocol), ("", recipe.variant),
            ("", recipe.engine.precision), ("kernels", recipe.engine.kernelSet),
            ("limit", recipe.limit.map(String.init) ?? "none"),
            ("data", String(recipe.dataDigest.prefix(8))),
            ("task file", String(recipe.taskDigest.prefix(8))),
        ]
    }
}
