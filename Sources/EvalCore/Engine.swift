internal import Synchronization

/// What an engine answers to one request, or why it could not.
public struct EngineResponse: Sendable {
    /// The request's number.
    public var number: Int
    /// The answer, or this request's failure.
    public var result: Result<EngineAnswer, SampleFailure>

    /// Creates a response.
    public init(number: Int, result: Result<EngineAnswer, SampleFailure>) {
        self.number = number
        self.result = result
    }
}

/// A request to end early, set by a signal handler or a test and polled between steps.
public final class Cancellation: Sendable {
    private let reason = Atomic<Int32>(0)

    /// Creates a cancellation that has not been asked for.
    public init() {}

    /// Asks for an early end; `signal` is the signal's number.
    public func cancel(signal: Int32) { reason.store(signal, ordering: .sequentiallyConsistent) }

    /// The signal that asked for an early end, nil if none did.
    public var signal: Int32? {
        let value = reason.load(ordering: .sequentiallyConsistent)
        return value == 0 ? nil : value
    }

    /// True once an early end was asked for.
    public var isCancelled: Bool { signal != nil }
}

/// A model that continues prompts and scores continuations.
///
/// Implementations: the local engine, the scripted engine of the tests.
public protocol Engine: AnyObject {
    /// What identifies the numbers that this engine makes.
    var provenance: EngineProvenance { get }

    /// Works through a stream of requests: takes the next one whenever it has room, hands each
    /// response over as it is finished. Ends when `next` gives nil and all work is delivered, or
    /// soon after `cancellation`; work in flight is then lost and `CancellationError` is thrown.
    ///
    /// Responses may come in any order; what a response says never depends on its neighbours.
    /// `next` and `deliver` are called on the calling thread, never at the same time.
    /// - Parameters:
    ///   - next: the next request, nil when there are no more.
    ///   - deliver: takes a finished response; an error that it throws ends the work.
    ///   - cancellation: polled between steps.
    /// - Throws: what `next` and `deliver` throw, errors of the engine itself, `CancellationError`.
    func run(
        next: () throws -> EngineRequest?,
        deliver: (EngineResponse) throws -> Void,
        cancellation: Cancellation
    ) throws

    /// Counters of the work done so far.
    var statistics: EngineStatistics { get }
}

extension Engine {
    /// A batch in, a batch out, in the same order.
    /// - Parameter requests: any requests; their numbers are kept.
    /// - Returns: one response per request, in the order of `requests`.
    /// - Throws: errors of the engine itself.
    public func respond(to requests: [EngineRequest]) throws -> [EngineResponse] {
        var iterator = requests.indices.makeIterator()
        var responses: [Int: EngineResponse] = [:]
        try run(
            next: {
                guard let index = iterator.next() else { return nil }
                var request = requests[index]
                request.number = index
                return request
            },
            deliver: { responses[$0.number] = $0 },
            cancellation: Cancellation()
        )
        return requests.indices.map { index in
            guard var response = responses[index] else {
                preconditionFailure("engine delivered no response for request \(index)")
            }
            response.number = requests[index].number
            return response
        }
    }
}

/// What a number owes to the engine that made it: part of a run's identity.
public struct EngineProvenance: Sendable, Hashable, Codable {
    /// Name of the model for tables: the checkpoint folder's name.
    public var model: String
    /// SHA-256 of config, index, safetensors headers, size and mtime of each shard.
    public var weightsDigest: String
    /// SHA-256 of the tokenizer files.
    public var tokenizerDigest: String
    /// SHA-256 of the image processor's settings.
    public var processorDigest: String
    /// `f32`, `bf16` or `int8`.
    public var precision: String
    /// The kernels that computed (`scalar`, `avx2`, `avx512_bf16`).
    public var kernelSet: String
    /// False if the tokenizer lacks `<|endofchunk|>`.
    public var hasEndOfChunk: Bool

    /// Creates a provenance.
    public init(
        model: String,
        weightsDigest: String,
        tokenizerDigest: String,
        processorDigest: String,
        precision: String,
        kernelSet: String,
        hasEndOfChunk: Bool
    ) {
        self.model = model
        self.weightsDigest = weightsDigest
        self.tokenizerDigest = tokenizerDigest
        self.processorDigest = processorDigest
        self.precision = precision
        self.kernelSet = kernelSet
        self.hasEndOfChunk = hasEndOfChunk
    }
}

/// Counters of an engine, as `--stats` prints them.
public struct EngineStatistics: Sendable, Hashable {
    /// Worker threads.
    public var threads = 0
    /// Seconds to open the checkpoint.
    public var loadSeconds = 0.0
    /// Seconds spent in `run`.
    public var runSeconds = 0.0
    /// Requests answered.
    public var requests = 0
    /// Prompt tokens of these requests.
    public var promptTokens = 0
    /// Positions that went through the decoder.
    public var forwardedTokens = 0
    /// New tokens.
    public var generatedTokens = 0
    /// Pictures in prompts.
    public var images = 0
    /// Pictures that went through the vision tower.
    public var imagesEncoded = 0

    /// Creates counters at zero.
    public init() {}
}
