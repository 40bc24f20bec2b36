import EvalCore
import Evaluation
import Foundation
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
        case .progress(let progress):
            let isLast = progress.finished == progress.total
            let interval = isTerminal ? Self.barInterval : Self.lineInterval
            if lastShown == nil, !isTerminal { lastShown = clock.now }
            if let lastShown, clock.now - lastShown < interval, !isLast { return }
            lastShown = clock.now
            draw(progress, isLast: isLast)
        }
    }

    /// Shows how far the model is loaded; on a terminal only, since it is a matter of seconds.
    func showLoading(_ done: Int, _ total: Int) {
        guard isTerminal else { return }
        Output.rawNote("\r\u{1B}[Kloading model \(done)/\(total)" + (done == total ? "\n" : ""))
    }

    private func draw(_ progress: RunProgress, isLast: Bool) {
        let text = ProgressText(
            finished: progress.finished,
            total: progress.total,
            failed: progress.failed,
            rate: progress.rate,
            remainingSeconds: progress.remainingSeconds,
            headline: progress.headline,
            residentBytes: Host.residentBytes
        )
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
