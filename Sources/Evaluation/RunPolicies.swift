internal import EvalCore

/// What happens to a prompt that is over the model's limit.
public enum OverlongPolicy: String, Sendable, Hashable, CaseIterable {
    /// The sample fails.
    case error
    /// Whole shots are dropped, the oldest first, until the prompt fits.
    case dropShots = "drop-shots"
}

/// What happens when a sample fails.
public enum ErrorPolicy: String, Sendable, Hashable, CaseIterable {
    /// The run goes on, up to a limit of failures.
    case `continue`
    /// The run ends at the first failure; the same command goes on.
    case stop
}

/// What happens to a picture file that ends too early.
public enum TruncatedImagePolicy: String, Sendable, Hashable, CaseIterable {
    /// The sample fails.
    case error
    /// The missing part is grey, as in the released code.
    case load
}

/// How many samples of a run may fail before it ends: 20 or 1 % of them, whichever is more; with
/// `ErrorPolicy.stop` none of those that this process computes.
struct FailureLimit {
    private let allowed: Int
    private var count = 0
    private var first: (id: String, message: String)?

    init(_ policy: ErrorPolicy, sampleCount: Int) {
        allowed = policy == .stop ? 0 : max(20, sampleCount / 100)
    }

    /// Counts a sample that failed in an earlier process.
    mutating func addEarlier(_ failure: SampleFailure, of id: String) {
        guard allowed > 0 else { return }
        count += 1
        if first == nil { first = (id, failure.message) }
    }

    /// Counts a failure.
    /// - Throws: `EvaluationError.tooManyFailures` when it is one too many.
    mutating func count(_ failure: SampleFailure, of id: String) throws {
        count += 1
        let first = first ?? (id, failure.message)
        self.first = first
        guard count > allowed else { return }
        throw EvaluationError.tooManyFailures(
            count: count,
            allowed: allowed,
            firstID: first.id,
            firstMessage: first.message
        )
    }
}
