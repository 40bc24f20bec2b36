import EvalCore
import Models

/// Beam search on the model: each beam has a cache behind the prompt's.
final class BeamGeneration: GenerationProgress {
    private let context: GenerationContext
    private var search: BeamSearch
    /// One per running beam; empty before the first step.
    private var caches: [KeyValueCache] = []
    /// Log-probabilities of this step, by beam, as they arrive.
    private var rows: [[Float]] = []

    init(_ context: GenerationContext) {
        self.context = context
        let settings = context.plan.settings
        search = BeamSearch(
            BeamSearch.Settings(
                beams: settings.beams,
                maxNewTokens: settings.maxNewTokens,
                lengthPenalty: settings.lengthPenalty,
                lengthRule: settings.lengthRule,
                earlyStopping: settings.earlyStopping,
                stopTokens: context.plan.stopTokens,
                promptCount: context.prompt.tokens.count
            )
        )
    }

    func start(_ row: LogitRow) {
        search.advance([logprobs(row, of: search.running[0])])
        caches = search.running.map { _ in context.cache.fork() }
    }

    func addStep(to pass: inout DecoderPass) {
        guard !search.isDone else { return }
        rows = []
        for (beam, cache) in zip(search.running, caches) {
            context.add(beam.tokens[beam.tokens.count - 1], cache: cache, to: &pass) {
                [self] row in
                rows.append(logprobs(row, of: beam))
                if rows.count == caches.count { step() }
            }
        }
    }

    var result: Generation? {
        guard search.isDone, let best = search.hypotheses.first else { return nil }
        let endsByToken = best.tokens.last.map(context.plan.stopTokens.contains) ?? false
        return Generation(
            text: context.text(of: best.tokens),
            tokens: best.tokens,
            finish: endsByToken ? .eos : .length,
            logprob: best.logprob
        )
    }

    private func logprobs(_ row: LogitRow, of beam: BeamSearch.Beam) -> [Float] {
        let history = context.prompt.tokens + beam.tokens
        return row.logprobs(excluding: context.plan.badWords.banned(after: history))
    }

    private func step() {
        search.advance(rows)
        rows = []
        guard !search.isDone else { return caches = [] }
        // The first beam that continues a parent takes over its cache, the others copy it; copies
        // come first, since a cache that was taken over is the one that grows.
        let parents = search.running.map(\.parent)
        caches = parents.enumerated().map { index, parent in
            parents.firstIndex(of: parent) == index
                ? caches[parent] : caches[parent].copy(with: context.backend)
        }
    }
}
