import Synchronization

/// A part of the work whose time is told apart.
public enum ProfileStage: String, Sendable, CaseIterable {
    case tower = "vision tower"
    case resampler
    case crossAttention = "cross-attention"
    case selfAttention = "self-attention"
    case mlp = "MLP"
    case head
    /// Embeddings, choosing tokens, caches: what the engine's thread does besides.
    case rest = "rest of the engine"
    /// The engine has nothing to compute until pictures or prompts are ready.
    case waiting
    /// Making the next prompt.
    case prompts
    /// Scoring a finished sample and storing it.
    case store = "scores and store"
    case imageDecoding = "image decoding"
    case tokenising
}

/// Where the time of an engine goes.
///
/// Stages of the engine's thread exclude each other: time and operations belong to the innermost.
/// Other threads add what they do beside it.
public final class StageProfile: Sendable {
    /// What a stage took.
    public struct Part: Sendable, Hashable {
        /// Seconds of the thread that worked or waited; threads beneath it are not added up.
        public var seconds = 0.0
        /// Floating-point operations of products and attention, a multiply-add is two.
        public var operations = 0.0

        /// Creates a part that took nothing.
        public init() {}
    }

    private struct State {
        var parts: [ProfileStage: Part] = [:]
        var stack: [ProfileStage] = []
        var mark = ContinuousClock().now

        mutating func charge() {
            let now = ContinuousClock().now
            if let stage = stack.last {
                parts[stage, default: Part()].seconds += (now - mark).inSeconds
            }
            mark = now
        }
    }

    private let state = Mutex(State())

    /// Creates a profile in which nothing has happened.
    public init() {}

    /// The stages that took time so far.
    public var parts: [ProfileStage: Part] { state.withLock { $0.parts } }

    /// Charges the time of `body` to a stage of the engine's thread, less stages inside it.
    public func measure<T>(_ stage: ProfileStage, _ body: () throws -> T) rethrows -> T {
        state.withLock {
            $0.charge()
            $0.stack.append(stage)
        }
        defer {
            state.withLock {
                $0.charge()
                $0.stack.removeLast()
            }
        }
        return try body()
    }

    /// Adds the time of `body` on a thread beside the engine's.
    public func measureBeside<T, Failure: Error>(
        _ stage: ProfileStage,
        _ body: () throws(Failure) -> T
    ) throws(Failure) -> T {
        let start = ContinuousClock().now
        defer {
            let seconds = (ContinuousClock().now - start).inSeconds
            state.withLock { $0.parts[stage, default: Part()].seconds += seconds }
        }
        return try body()
    }

    /// Counts operations of the innermost stage.
    func count(_ operations: Double) {
        state.withLock {
            if let stage = $0.stack.last {
                $0.parts[stage, default: Part()].operations += operations
            }
        }
    }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}

extension ComputeBackend {
    /// Charges the time of `body` to a stage if somebody wants to know.
    public func stage<T>(_ stage: ProfileStage, _ body: () throws -> T) rethrows -> T {
        guard let profile else { return try body() }
        return try profile.measure(stage, body)
    }
}
