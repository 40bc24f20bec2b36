import EvalCore
import Models

/// Takes the likeliest token at every step.
///
/// Banned tokens are passed over; the log-probabilities reported are those of the model's own
/// distribution, before bans.
final class GreedyGeneration: GenerationProgress {
    private let context: GenerationContext
    /// Positions behind the prompt's, which are complete only when the first logits arrive.
    private var cache: KeyValueCache?
    private var tokens: [Int32] = []
    private var logprob = 0.0
    private var finish: FinishReason?

    init(_ context: GenerationContext) { self.context = context }

    func start(_ row: LogitRow) {
        cache = context.cache.fork()
        accept(row)
    }

    func addStep(to pass: inout DecoderPass) {
        guard finish == nil, let cache, let last = tokens.last else { return }
        context.add(last, cache: cache, to: &pass) { [self] row in accept(row) }
    }

    var result: Generation? {
        finish.map { reason in
            Generation(
                text: context.text(of: tokens),
                tokens: tokens,
                finish: reason,
                logprob: logprob
            )
        }
    }

    private func accept(_ row: LogitRow) {
        let banned = context.plan.badWords.banned(after: context.prompt.tokens + tokens)
        let token = row.best(excluding: banned)
        tokens.append(token)
        logprob += row.logprob(of: token)
        finish = reasonToFinish(after: token)
    }

    private func reasonToFinish(after token: Int32) -> FinishReason? {
        let plan = context.plan
        if plan.stopTokens.contains(token) { return .eos }
        // The text is decoded anew at every step: a token may complete a character that earlier
        // ones began. Without stop texts nothing is decoded before the end.
        if !plan.stops.isEmpty, plan.stops.firstMatch(in: context.decode(tokens)) != nil {
            return .stop
        }
        return tokens.count >= plan.settings.maxNewTokens ? .length : nil
    }
}
