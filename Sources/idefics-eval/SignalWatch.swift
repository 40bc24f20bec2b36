import Dispatch
import EvalCore
import Foundation
import Synchronization

/// Ends a command on SIGINT and SIGTERM: at once while it only looks at its input, by a
/// cancellation once there is work to give back in order, and at once on the second signal.
///
/// Everything reported done is committed, so even the hard end loses nothing.
final class SignalWatch {
    private let receiver = Receiver()
    private var sources: [any DispatchSourceSignal] = []

    /// What the work polls.
    var cancellation: Cancellation { receiver.cancellation }

    /// Starts watching.
    init() {
        for number in [SIGINT, SIGTERM] {
            _ = signal(number, SIG_IGN)  // the source below is told instead
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [receiver] in receiver.receive(number) }
            source.resume()
            sources.append(source)
        }
    }

    /// From here on the first signal cancels instead of ending the process.
    func beginWork() { receiver.isWorking.store(true, ordering: .sequentiallyConsistent) }

    /// The part that signals reach, on any thread.
    private final class Receiver: Sendable {
        let cancellation = Cancellation()
        let isWorking = Atomic(false)

        func receive(_ number: Int32) {
            guard isWorking.load(ordering: .sequentiallyConsistent), !cancellation.isCancelled
            else { _exit(128 + number) }
            Output.note("stopping; once more to stop at once")
            cancellation.cancel(signal: number)
        }
    }
}
