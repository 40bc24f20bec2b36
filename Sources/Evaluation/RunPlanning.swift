internal import EvalCore
internal import Prompting
internal import Tasks

/// Makes the identity of a run and what is known before it starts.
enum RunPlanning {
    static func plan(
        _ source: QuerySource,
        provenance: EngineProvenance,
        embedder: EmbedderProvenance?,
        attempt: AttemptDescription
    ) -> RunPlan {
        let split = source.split
        let isSubset = split.isSubset || source.count < split.publishedCount
        return RunPlan(
            recipe: recipe(
                source.request,
                split: split.name,
                selection: source.selectionName,
                builder: source.builder,
                facts: source.facts,
                provenance,
                embedder: embedder
            ),
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

    /// The identity of the run that a request asks for.
    /// - Parameters:
    ///   - request: what is asked for.
    ///   - split: the split's name.
    ///   - selection: the selection's name in recipes.
    ///   - builder: writes the request's prompts.
    ///   - facts: what its data are.
    ///   - provenance: what the engine is.
    ///   - embedder: what compares pictures, where shots are chosen that way.
    /// - Returns: the recipe.
    static func recipe(
        _ request: RunRequest,
        split: String,
        selection: String,
        builder: PromptBuilder,
        facts: DataFacts,
        _ provenance: EngineProvenance,
        embedder: EmbedderProvenance?
    ) -> RunRecipe {
        let embedder = selection == RunRequest.Selection.rices.name ? embedder : nil
        return RunRecipe(
            task: request.task.name,
            taskVersion: request.task.version,
            taskDigest: request.task.digest,
            split: split,
            limit: request.limit.flatMap { $0 < facts.splitCount ? $0 : nil },
            shots: request.shots,
            selection: selection,
            selectionDigest: request.selection.isFixed ? facts.supportDigest : embedder?.digest,
            selectionEncoder: embedder?.name,
            supportSize: facts.supportSize,
            supportDigest: facts.supportDigest,
            seed: request.seed,
            promptProtocol: request.promptProtocol,
            variant: request.variant,
            templates: builder.templates,
            endOfChunk: builder.endOfChunk,
            generation: builder.generation,
            overlong: request.overlong.rawValue,
            truncatedImages: request.truncatedImages.rawValue,
            dataDigest: facts.dataDigest,
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
        case .rices: "rices"
        case .fixed: "fixed"
        }
    }

    var isFixed: Bool { if case .fixed = self { true } else { false } }
}
