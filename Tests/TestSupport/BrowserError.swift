/// Why a browser did not do what a test asked.
public enum BrowserError: Error, Equatable, CustomStringConvertible {
    /// There is none, or the named one cannot be run.
    case notFound(String)
    /// It has ended before its time; the last that it wrote.
    case ended(String)
    /// The channel to it does not work.
    case channel(String)
    /// It refused a command.
    case refused(command: String, message: String)
    /// It answered in an unknown form.
    case answer(command: String, message: String)
    /// Something was waited for and did not come.
    case timeout(String)
    /// A script of the test's threw.
    case script(String, message: String)

    /// What went wrong, in one line.
    public var description: String {
        switch self {
        case .notFound(let reason): reason
        case .ended(let words): "the browser has ended, saying '\(words)'"
        case .channel(let reason): "no channel to the browser: \(reason)"
        case .refused(let command, let message): "the browser refused \(command): \(message)"
        case .answer(let command, let message): "unknown answer to \(command): \(message)"
        case .timeout(let what): "waited in vain for \(what)"
        case .script(let script, let message): "\(message) in \(script)"
        }
    }
}
