import EvalCore
import Evaluation
import Foundation
import LocalEngine
import Reporting

/// Shows progress on stderr: a bar that is drawn over on a terminal, a line now and then elsewhere.
final class ProgressDisplay {
    private static let lineInterval = Duration.seconds(30)
    private static let barInterval = Duration.milliseconds(100)
    private let isTerminal: Bool
    private let clock = ContinuousClock()
    private var lastShown: ContinuousClock.Instant?
    private let columns: Int
    private var title = ""

    init() {
        let environment = ProcessInfo.processInfo.environment
        columns = max(20, environment["COLUMNS"].flatMap { Int($0) } ?? 80)
        isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// Shows an event.
    func show(_ event: PipelineEvent) {
        switch event {
        case .opened(_, let plan, let finished):
            title = "\(plan.recipe.task) \(plan.recipe.shots)-shot"
            let done = finished > 0 ? ", \(finished) of them finished before" : ""
            Output.note("\(RunText.title(plan)): \(RunText.extent(plan))\(done)")
            lastShown = nil
        case .queriesUnreadable(let count, let first):
            Output.note(
                "\(count == 1 ? "1 query has a picture" : "\(count) queries have pictures") that "
                    + "cannot be compared and will fail, the first: \(first.message)"
            )
        case .progress(let progress):
            show(
                ProgressText(
                    finished: progress.finished,
                    total: progress.total,
                    failed: progress.failed,
                    rate: progress.rate,
                    remainingSeconds: progress.remainingSeconds,
                    headline: progress.headline,
                    residentBytes: Host.residentBytes
                )
            )
        }
    }

    /// Shows how far an embedder is.
    func show(_ event: EmbeddingEvent) {
        switch event {
        case .loading(let done, let total):
            showLoading(done, total)
        case .cacheDamaged(let message): Output.note("note: \(message)")
        case .progress(let progress):
            // Pictures that are all known are a matter of a moment.
            guard progress.encoded > 0 else { return }
            title = "embedding"
            let rate = Double(progress.encoded) / progress.seconds
            show(
                ProgressText(
                    finished: progress.finished,
                    total: progress.total,
                    failed: progress.failed,
                    rate: rate,
                    remainingSeconds: rate > 0
                        ? Double(progress.total - progress.finished) / rate : nil,
                    headline: nil,
                    residentBytes: Host.residentBytes
                )
            )
        }
    }

    /// Shows how far the model is loaded; on a terminal only, since it is a matter of seconds.
    func showLoading(_ done: Int, _ total: Int) {
        guard isTerminal else { return }
        Output.rawNote("\r\u{1B}[Kloading model \(done)/\(total)" + (done == total ? "\n" : ""))
    }

    private func show(_ text: ProgressText) {
        let isLast = text.finished == text.total
        let interval = isTerminal ? Self.barInterval : Self.lineInterval
        if lastShown == nil, !isTerminal { lastShown = clock.now }
        if let lastShown, clock.now - lastShown < interval, !isLast { return }
        lastShown = clock.now
        if isTerminal {
            // A line that wraps could not be drawn over.
            let line = "\(title) \(text.bar(width: 10)) \(text.line)"
            let shown = TerminalText.shortened(line, to: columns - 1)
            Output.rawNote("\r\u{1B}[K" + shown + (isLast ? "\n" : ""))
        } else {
            Output.note("\(title) \(text.line)")
        }
    }
}
