internal import EvalCore
internal import Prompting
internal import Tasks

/// Makes the identity of a run and what is known before it starts.
enum RunPlanning {
    static func plan(
        _ source: QuerySource,
        provenance: EngineProvenance,
        attempt: AttemptDescription
    ) -> RunPlan {
        let split = source.split
        let isSubset = split.isSubset || source.count < split.publishedCount
        return RunPlan(
            recipe: recipe(source, provenance),
            sampleCount: source.count,
            publishedCount: split.publishedCount,
            notComparableReasons: reasons(source, isSubset: isSubset),
            isSubset: isSubset,
            supportCount: source.pool?.set.items.count,
            isDemo: source.request.isDemo,
            label: source.request.label,
            attempt: attempt
        )
    }

    private static func recipe(_ source: QuerySource, _ provenance: EngineProvenance) -> RunRecipe {
        let request = source.request
        let pool = source.pool
        return RunRecipe(
            task: request.task.name,
            taskVersion: request.task.version,
            taskDigest: request.task.digest,
            split: source.split.name,
            limit: source.count < source.split.count ? source.count : nil,
            shots: request.shots,
            selection: request.selection.name,
            selectionDigest: request.selection.isFixed ? pool?.set.digest : nil,
            supportSize: pool?.set.requestedCount ?? 0,
            supportDigest: pool?.set.digest,
            seed: request.seed,
            promptProtocol: request.promptProtocol,
            variant: request.variant,
            endOfChunk: source.builder.endOfChunk,
            generation: source.builder.generation,
            overlong: request.overlong.rawValue,
            truncatedImages: request.truncatedImages.rawValue,
            dataDigest: DataDigest.combined([source.split.digest, pool?.dataDigest ?? ""]),
            engine: provenance
        )
    }

    private static func reasons(_ source: QuerySource, isSubset: Bool) -> [String] {
        var reasons: [String] = []
        if isSubset {
            let what = "\(source.count) of \(source.split.publishedCount) published samples"
            reasons.append("\(what) of \(source.split.name)")
        }
        if let pool = source.pool {
            let count = pool.set.items.count
            if count < pool.set.requestedCount {
                reasons.append("support set of \(count) instead of \(pool.set.requestedCount)")
            } else if pool.isSubset {
                reasons.append("support set drawn from an incomplete split")
            }
        }
        return reasons
    }
}

extension RunRequest.Selection {
    /// The name in recipes.
    var name: String {
        switch self {
        case .none: "none"
        case .random: "random"
        case .fixed: "fixed"
        }
    }

    var isFixed: Bool { if case .fixed = self { true } else { false } }
}
