public import EvalCore
public import Foundation

/// One process that worked on a run, as its page shows it.
public struct RunAttempt: Sendable, Hashable {
    /// What ran where.
    public var description: AttemptDescription
    /// When it began.
    public var started: Date
    /// When it ended, nil if that is not known.
    public var ended: Date?
    /// How it ended, nil if that is not known.
    public var ending: String?
    /// Samples that it recorded.
    public var sampleCount: Int

    /// Creates an attempt.
    public init(
        description: AttemptDescription,
        started: Date,
        ended: Date?,
        ending: String?,
        sampleCount: Int
    ) {
        self.description = description
        self.started = started
        self.ended = ended
        self.ending = ending
        self.sampleCount = sampleCount
    }

    /// Seconds that it worked.
    var seconds: Double? { ended.map { $0.timeIntervalSince(started) } }
}
