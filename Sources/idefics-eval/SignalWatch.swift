import Dispatch
import EvalCore
import Foundation

/// Turns SIGINT and SIGTERM into a cancellation; the second one ends the process at once.
///
/// Everything reported done is committed, so even the hard end loses nothing.
final class SignalWatch {
    /// What the work polls.
    let cancellation = Cancellation()
    private var sources: [any DispatchSourceSignal] = []

    /// Starts watching.
    init() {
        for number in [SIGINT, SIGTERM] {
            _ = signal(number, SIG_IGN)  // the source below is told instead
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [cancellation] in
                if cancellation.isCancelled { _exit(128 + number) }
                Output.note("stopping; once more to stop at once")
                cancellation.cancel(signal: number)
            }
            source.resume()
            sources.append(source)
        }
    }
}
