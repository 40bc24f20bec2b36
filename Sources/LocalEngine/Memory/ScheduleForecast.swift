/// The passes that a run will make through the decoder, played with token counts alone.
///
/// Follows ``Scheduler``: the same admission, the same order of work in a pass. Every generation is
/// taken to run to its last token, so memory and time are upper ends for models that stop earlier.
package struct ScheduleForecast {
    /// A pass through the decoder.
    package struct Pass {
        /// Rows of all sequences.
        package var rows = 0
        /// Rows whose logits are made.
        package var logitRows = 0
        /// Positions that the rows see, summed over rows.
        package var seenPositions = 0
    }

    /// All passes in order.
    package private(set) var passes: [Pass] = []
    /// The most positions that caches had room for at one time.
    package private(set) var peakPositions = 0

    private let tokensPerPass: Int
    private var live: [Sequence] = []

    /// - Parameters:
    ///   - requests: in the order of the run.
    ///   - options: what the engine may use.
    ///   - bytesPerPosition: keys and values of one position in all layers.
    package init(
        _ requests: [RequestShape],
        _ options: LocalEngineOptions,
        bytesPerPosition: Int
    ) {
        tokensPerPass = options.tokensPerPass
        let budget = options.keyValueCacheBytes / max(1, bytesPerPosition)
        var waiting = requests[...]
        while true {
            while let next = waiting.first, live.count < options.liveRequests {
                let taken = live.reduce(0) { $0 + $1.shape.positionCount(chunk: tokensPerPass) }
                let isRoom = taken + next.positionCount(chunk: tokensPerPass) <= budget
                guard live.isEmpty || isRoom else { break }
                live.append(Sequence(next))
                waiting.removeFirst()
            }
            guard !live.isEmpty else { return }
            advance()
        }
    }

    /// Makes one pass.
    private mutating func advance() {
        var pass = Pass()
        for index in live.indices { live[index].decode(in: &pass) }
        for index in live.indices where pass.rows < tokensPerPass {
            live[index].addBulk(to: &pass, limit: tokensPerPass)
        }
        passes.append(pass)
        peakPositions = max(peakPositions, live.reduce(0) { $0 + $1.heldPositions })
        live.removeAll(where: \.isFinished)
        for index in live.indices { live[index].endPass() }
    }
}

/// A request in the decoder.
private struct Sequence {
    let shape: RequestShape
    private var prefilled = 0
    private var generated = 0
    /// Candidates that have been through, and tokens of the one that is under way.
    private var candidate = 0
    private var candidateTokens = 0
    /// Positions of candidate caches of this pass.
    private var candidatePositions = 0

    init(_ shape: RequestShape) { self.shape = shape }

    private var isPrefilled: Bool { prefilled == shape.promptTokens }

    var isFinished: Bool {
        isPrefilled && generated >= shape.newTokens && candidate == shape.candidateTokens.count
    }

    /// Room that its caches take: they grow in steps of 16 positions, doubling.
    var heldPositions: Int {
        guard prefilled > 0 else { return 0 }
        var own = 0
        if generated > 1 {
            own = 16
            while own < generated - 1 { own *= 2 }
        }
        return Self.rounded(shape.promptTokens) + shape.beams * own + candidatePositions
    }

    mutating func decode(in pass: inout ScheduleForecast.Pass) {
        guard isPrefilled, generated > 0, generated < shape.newTokens else { return }
        pass.rows += shape.beams
        pass.logitRows += shape.beams
        pass.seenPositions += shape.beams * (shape.promptTokens + generated)
        generated += 1
    }

    mutating func addBulk(to pass: inout ScheduleForecast.Pass, limit: Int) {
        guard isPrefilled else { return addPrompt(to: &pass, limit: limit) }
        while candidate < shape.candidateTokens.count {
            // The last token of a candidate never goes through the decoder.
            let needed = max(0, shape.candidateTokens[candidate] - 1)
            let count = min(needed - candidateTokens, limit - pass.rows)
            add(count, behind: shape.promptTokens + candidateTokens, to: &pass)
            pass.logitRows += count
            candidatePositions += needed > 0 ? Self.rounded(needed) : 0
            candidateTokens += count
            guard candidateTokens == needed else { return }
            (candidate, candidateTokens) = (candidate + 1, 0)
        }
    }

    mutating func endPass() { candidatePositions = 0 }

    private mutating func addPrompt(to pass: inout ScheduleForecast.Pass, limit: Int) {
        let count = min(shape.promptTokens - prefilled, limit - pass.rows)
        add(count, behind: prefilled, to: &pass)
        prefilled += count
        if shape.wantsPromptLogprobs {
            pass.logitRows += count
        } else if isPrefilled {
            pass.logitRows += 1
        }
        // The prompt's last logits give the first new token.
        if isPrefilled, shape.newTokens > 0 { generated = 1 }
    }

    private func add(_ count: Int, behind start: Int, to pass: inout ScheduleForecast.Pass) {
        pass.rows += count
        pass.seenPositions += count * start + count * (count + 1) / 2
    }

    private static func rounded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
