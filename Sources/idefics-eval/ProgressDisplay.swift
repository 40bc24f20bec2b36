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
    private var title = ""

    init() {
        let environment = ProcessInfo.processInfo.environment
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
            let line = "\(title) \(text.bar(width: 20)) \(text.line)"
            Output.rawNote("\r\u{1B}[K" + line + (isLast ? "\n" : ""))
        } else {
            Output.note("\(title) \(text.line)")
        }
    }
}
