import EvalCore
import Foundation
import Models
import Tensors

/// Drives one run: requests come in, share passes through the decoder, and leave as they finish.
///
/// A request is prepared in the background, waits until its pictures have been through the vision
/// tower, then lives in the decoder. Each round of the loop makes at most one pass of the tower and
/// one of the decoder, which carries the next position of every growing sequence and fills up with
/// prompts and continuations. Nothing is padded, and no result depends on the company in a pass:
/// the backend reduces every row in an order of its own.
final class Scheduler {
    /// What outlives a run.
    struct Resources {
        let model: IdeficsModel
        let cache: ImageLatentCache
        let preparation: RequestPreparation
        let options: LocalEngineOptions
        let decode: @Sendable ([Int32]) -> String
    }

    private let resources: Resources
    private let queue: PreparationQueue
    /// Admitted requests whose pictures are not all encoded, in order.
    private var arriving: [PreparedRequest] = []
    private var live: [LiveRequest] = []
    private var lastSerial = 0
    private var isExhausted = false
    private(set) var statistics = EngineStatistics()

    /// Requests and pictures prepared ahead: enough to fill passes, few enough to fit in memory.
    private static let requestsAhead = 16
    static let picturesAhead = 64
    /// Rows of one pass through the vision tower, about eight pictures of 257.
    static let towerRows = 2100

    init(_ resources: Resources) {
        self.resources = resources
        // Two are enough to stay ahead of the model; more would take cores away from it.
        let threads = min(2, resources.model.backend.threads)
        queue = PreparationQueue(resources.preparation, threads: threads)
    }

    /// Works until there is nothing left; see `Engine.run`.
    func run(
        next: () throws -> EngineRequest?,
        deliver: (EngineResponse) throws -> Void,
        cancellation: Cancellation
    ) throws {
        defer { abandon() }
        while true {
            if cancellation.isCancelled { throw CancellationError() }
            try lookAhead(next)
            try admit(deliver)
            encodePictures()
            settle()
            if !live.isEmpty {
                try compute(deliver)
            } else if isExhausted, queue.count == 0, arriving.isEmpty {
                return
            }
        }
    }

    private func lookAhead(_ next: () throws -> EngineRequest?) throws {
        while !isExhausted, queue.count == 0 || isRoomAhead {
            guard let request = try next() else {
                isExhausted = true
                return
            }
            queue.add(request)
        }
    }

    private var isRoomAhead: Bool {
        queue.count < Self.requestsAhead && queue.pictureCount < Self.picturesAhead
            && resources.cache.waitingCount < Self.picturesAhead
            && resources.cache.pinnedByteCount < resources.options.imageCacheBytes
    }

    /// Takes prepared requests as long as there is room; waits a moment if there is nothing to do.
    private func admit(_ deliver: (EngineResponse) throws -> Void) throws {
        while true {
            let isIdle = live.isEmpty && arriving.isEmpty
            guard let outcome = first(waiting: isIdle) else { return }
            switch outcome.result {
            case .failure(let failure):
                queue.removeFirst()
                try respond(outcome.number, .failure(failure), deliver)
            case .success(let request):
                guard isIdle || hasRoom(for: request) else { return }
                queue.removeFirst()
                arriving.append(request)
            }
        }
    }

    private func first(waiting: Bool) -> PreparationQueue.Outcome? {
        guard waiting else { return queue.first(within: .milliseconds(0)) }
        return resources.model.backend.stage(.waiting) { queue.first(within: .milliseconds(50)) }
    }

    private func hasRoom(for request: PreparedRequest) -> Bool {
        let admitted = live.map(\.prepared) + arriving
        guard admitted.count < resources.options.liveRequests,
            resources.cache.waitingCount < Self.picturesAhead,
            resources.cache.pinnedByteCount <= resources.options.imageCacheBytes
        else { return false }
        let positions = (admitted + [request]).reduce(0) {
            $0 + $1.positionCount(chunk: resources.options.tokensPerPass)
        }
        return positions * bytesPerPosition <= resources.options.keyValueCacheBytes
    }

    private var bytesPerPosition: Int {
        let text = resources.model.configuration.text
        return 2 * text.layerCount * text.width * resources.model.backend.cacheDType.byteCount
    }

    /// Makes one pass of the vision tower if an admitted request waits for it.
    private func encodePictures() {
        let wanted = arriving.flatMap(\.pixelDigests)
        guard resources.cache.states(of: wanted) == nil else { return }
        let rows = resources.model.configuration.vision.positionCount
        let waiting = resources.cache.waiting(first: wanted, count: max(1, Self.towerRows / rows))
        let states = resources.model.encodeImages(waiting.map(\.pixels))
        for (picture, states) in zip(waiting, states) {
            resources.cache.store(states, for: picture.digest)
        }
        statistics.imagesEncoded += waiting.count
    }

    /// Moves requests whose pictures are encoded into the decoder.
    private func settle() {
        arriving.removeAll { request in
            guard let images = resources.cache.states(of: request.pixelDigests) else {
                return false
            }
            lastSerial += 1
            live.append(
                LiveRequest(
                    serial: lastSerial,
                    request,
                    images: images,
                    model: resources.model,
                    decode: resources.decode
                )
            )
            return true
        }
    }

    /// Makes one pass through the decoder and delivers what it finished.
    private func compute(_ deliver: (EngineResponse) throws -> Void) throws {
        var pass = DecoderPass(tokenLimit: resources.options.tokensPerPass)
        for request in live {
            pass.owner = request.serial
            request.addDecodeStep(to: &pass)
        }
        for request in live where pass.room > 0 {
            pass.owner = request.serial
            request.addBulk(to: &pass)
        }
        statistics.forwardedTokens += pass.batch.tokens.count
        let failures = try pass.execute(on: resources.model)
        let ended = live.filter { $0.isFinished || failures[$0.serial] != nil }
        live.removeAll { $0.isFinished || failures[$0.serial] != nil }
        for request in ended { resources.cache.unpin(request.prepared.pixelDigests) }
        for request in ended {
            let failure = failures[request.serial]
            let result = failure.map { .failure($0) } ?? Result.success(request.answer)
            try respond(request.prepared.number, result, deliver)
        }
    }

    private func respond(
        _ number: Int,
        _ result: Result<EngineAnswer, SampleFailure>,
        _ deliver: (EngineResponse) throws -> Void
    ) throws {
        statistics.requests += 1
        if case .success(let answer) = result {
            statistics.promptTokens += answer.prompt.tokens.count
            statistics.generatedTokens += answer.generation?.tokens.count ?? 0
            statistics.images += answer.pixelDigests.count
        }
        try deliver(EngineResponse(number: number, result: result))
    }

    /// Lets go of the pictures of work that was not finished.
    private func abandon() {
        for request in queue.close() + arriving + live.map(\.prepared) {
            resources.cache.unpin(request.pixelDigests)
        }
        (arriving, live) = ([], [])
    }
}
