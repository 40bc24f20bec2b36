import Comparison
import EvalCore
import Evaluation
import InputFiles
import LocalEngine
import Reporting
import RunStore
import Scoring
import ShotSelection
import StrictJSON
import Tasks

/// The exit statuses of contracts.md section 1 that commands can end with.
enum ExitStatus: Int32, Error {
    /// What was asked for is done.
    case done = 0
    /// A bug in the program.
    case bug = 1
    /// A mistake in flags or configuration.
    case usage = 2
    /// `gate` found a regression.
    case regression = 3
    /// Finished, but some samples failed or a metric is undefined.
    case incomplete = 4
    /// Data or checkpoint are invalid or missing.
    case invalidData = 5
    /// The store cannot be used.
    case store = 6
    /// `gate` could not decide: missing, not comparable or inconclusive.
    case undecided = 7
    /// SIGINT, resumable.
    case interrupted = 130
    /// SIGTERM, resumable.
    case terminated = 143

    /// The status after a signal.
    init(signal: Int32) { self = signal == 15 ? .terminated : .interrupted }
}

/// A failure found by a command itself.
struct CommandError: Error, CustomStringConvertible {
    var status: ExitStatus
    /// One line: what, where, expected and got, what to type next.
    var description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    static func usage(_ description: String) -> CommandError {
        CommandError(.usage, description)
    }
}

extension ExitStatus {
    /// The one place that maps the rooms' errors to exit statuses.
    init(for error: any Error) {
        switch error {
        case let status as ExitStatus: self = status
        case let error as CommandError: self = error.status
        case let error as TasksError: self = error.kind == .request ? .usage : .invalidData
        case let error as EvaluationError: self = Self.status(of: error)
        case let error as ShotSelectionError: self = Self.status(of: error)
        case is ScoringError, is InputFileError, is JSONError: self = .invalidData
        case let error as LocalEngineError:
            self = error.kind == .options ? .usage : .invalidData
        case is EmbeddingFileError, is ComparisonError: self = .invalidData
        case let error as RunStoreError: self = Self.status(of: error)
        case let error as PublishedError: self = Self.status(of: error)
        default: self = .bug
        }
    }

    private static func status(of error: EvaluationError) -> ExitStatus {
        switch error {
        case .missingImages, .supportUnreadable, .notFullSplit, .tooFewCandidates,
            .metricVersion, .taskFile, .engineChanged, .otherData, .otherCandidates:
            .invalidData
        case .indexOutOfRange, .noLabels, .noDocumentFrequencies, .stopTokenUnknown: .usage
        case .tooManyFailures: .incomplete
        }
    }

    private static func status(of error: PublishedError) -> ExitStatus {
        if case .unknownModel = error { .usage } else { .invalidData }
    }

    private static func status(of error: RunStoreError) -> ExitStatus {
        if case .unknownRun = error { .usage } else { .store }
    }

    private static func status(of error: ShotSelectionError) -> ExitStatus {
        switch error {
        case .selectionIsNone: .usage
        case .tooManyShots, .tooManyShotsForQuery, .tooFewForPair, .embeddingShape,
            .embeddingWidth, .notUnitVector, .noRoom:
            .invalidData
        }
    }
}
