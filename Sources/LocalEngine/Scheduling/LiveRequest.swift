import EvalCore
import Models
import Tensors

/// A request in the decoder: prompt first, then its generation and its continuations.
final class LiveRequest {
    /// Chosen by the scheduler, unlike `prepared.number`.
    let serial: Int
    let prepared: PreparedRequest
    private let images: [ImageStates]
    private let model: IdeficsModel
    /// The prompt's positions, from which generation and continuations fork.
    private let cache: KeyValueCache
    private var prefilledCount = 0
    private let generation: (any GenerationProgress)?
    private var continuations: [ContinuationScoring]
    /// Continuations still on their way through the decoder, first in line first.
    private var unforwarded: ArraySlice<Int>
    private var promptLogprobs: [Double?]
    /// Forks that continuations share, by the number of prompt positions they see.
    private var bases: [Int: KeyValueCache] = [:]
    /// The cache of the first of `unforwarded`, if part of it has been through.
    private var partial: KeyValueCache?

    /// - Parameters:
    ///   - serial: tells live requests apart.
    ///   - prepared: the request, with at least one prompt token.
    ///   - images: states of its pictures in prompt order.
    ///   - model: makes the caches.
    ///   - decode: text of new tokens, without special ones.
    init(
        serial: Int,
        _ prepared: PreparedRequest,
        images: [ImageStates],
        model: IdeficsModel,
        decode: @escaping @Sendable ([Int32]) -> String
    ) {
        self.serial = serial
        self.prepared = prepared
        self.images = images
        self.model = model
        let cache = model.makeCache(expecting: prepared.prompt.tokens.count)
        self.cache = cache
        generation = prepared.generation.map { plan in
            let context = GenerationContext(
                plan: plan,
                prompt: prepared.prompt,
                cache: cache,
                images: images,
                backend: model.backend,
                decode: decode
            )
            return plan.settings.beams > 1 ? BeamGeneration(context) : GreedyGeneration(context)
        }
        let scorings = prepared.continuations.map(ContinuationScoring.init)
        continuations = scorings
        unforwarded = scorings.indices.filter { scorings[$0].remaining > 0 }[...]
        promptLogprobs =
            prepared.wantsPromptLogprobs
            ? Array(repeating: nil, count: prepared.prompt.tokens.count) : []
    }

    private var isPrefilled: Bool { prefilledCount == prepared.prompt.tokens.count }

    /// True once every part of the answer is known.
    var isFinished: Bool {
        isPrefilled && (generation == nil || generation?.result != nil)
            && continuations.allSatisfy(\.isFinished)
    }

    /// The answer, once finished.
    var answer: EngineAnswer {
        EngineAnswer(
            prompt: prepared.prompt,
            generation: generation?.result,
            continuations: continuations.map(\.result),
            promptLogprobs: promptLogprobs,
            pixelDigests: prepared.pixelDigests
        )
    }

    /// Adds the next position of each growing sequence.
    func addDecodeStep(to pass: inout DecoderPass) {
        guard isPrefilled else { return }
        generation?.addStep(to: &pass)
    }

    /// Adds as much of the prompt or of the continuations as there is room for.
    func addBulk(to pass: inout DecoderPass) {
        if isPrefilled {
            addContinuations(to: &pass)
        } else if pass.room > 0 {
            addPrompt(to: &pass)
        }
    }
}

// MARK: Prompt

extension LiveRequest {
    private func addPrompt(to pass: inout DecoderPass) {
        let prompt = prepared.prompt
        let end = min(prefilledCount + pass.room, prompt.tokens.count)
        let range = prefilledCount..<end
        prefilledCount = end
        pass.add(
            DecoderPass.Stretch(
                tokens: Array(prompt.tokens[range]),
                imageIndex: Array(prompt.imageIndex[range]),
                cache: cache,
                images: images,
                requestedRows: requestedPromptRows.filter(range.contains)
                    .map { $0 - range.lowerBound }
            ),
            then: { [self] row, logits in
                try receivePrompt(range.lowerBound + row, logits)
            }
        )
    }

    /// Prompt positions whose logits are wanted, ascending.
    private var requestedPromptRows: [Int] {
        let last = prepared.prompt.tokens.count - 1
        if prepared.wantsPromptLogprobs { return Array(0...last) }
        var rows = Set(prepared.continuations.map { $0.sharedCount - 1 }.filter { $0 >= 0 })
        if generation != nil { rows.insert(last) }
        return rows.sorted()
    }

    private func receivePrompt(_ position: Int, _ row: LogitRow) throws {
        let tokens = prepared.prompt.tokens
        if prepared.wantsPromptLogprobs, position + 1 < tokens.count {
            promptLogprobs[position + 1] = row.logprob(of: tokens[position + 1])
        }
        for index in continuations.indices {
            let plan = continuations[index].plan
            guard plan.sharedCount == position + 1, !plan.tokens.isEmpty else { continue }
            continuations[index].score(row)
        }
        if position == tokens.count - 1 { try generation?.start(row) }
    }
}

// MARK: Continuations

extension LiveRequest {
    private func addContinuations(to pass: inout DecoderPass) {
        while pass.room > 0, let index = unforwarded.first {
            addContinuation(index, to: &pass)
        }
        // The prompt's forks are not needed any more; the last ones live on in the pass.
        if unforwarded.isEmpty { bases = [:] }
    }

    private func addContinuation(_ index: Int, to pass: inout DecoderPass) {
        let scoring = continuations[index]
        let start = scoring.forwarded
        let range = start..<start + min(scoring.remaining, pass.room)
        let cache = partial ?? base(sharing: scoring.plan.sharedCount).fork()
        continuations[index].forwarded = range.upperBound
        pass.add(
            DecoderPass.Stretch(
                tokens: Array(scoring.plan.tokens[range]),
                imageIndex: Array(scoring.plan.imageIndex[range]),
                cache: cache,
                images: images,
                requestedRows: Array(0..<range.count)
            ),
            then: { [self] _, row in continuations[index].score(row) }
        )
        let isComplete = continuations[index].remaining == 0
        partial = isComplete ? nil : cache
        if isComplete { unforwarded.removeFirst() }
    }

    /// A cache with the prompt's first `count` positions.
    private func base(sharing count: Int) -> KeyValueCache {
        if count == cache.count { return cache }
        if let known = bases[count] { return known }
        let base = cache.copy(with: model.backend)
        base.truncate(to: count)
        bases[count] = base
        return base
    }
}
