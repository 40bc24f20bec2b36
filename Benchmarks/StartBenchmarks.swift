import Foundation
import Glibc

/// How long the tool takes to say how it is used.
struct StartBenchmarks {
    let effort: Effort
    let printer: ResultPrinter

    /// Prints the time of `idefics-eval --help`, for the tool beside this executable.
    func run() {
        printer.section("Start")
        let name = "idefics-eval --help"
        let folder = Bundle.main.executableURL?.deletingLastPathComponent()
        guard let tool = folder?.appendingPathComponent("idefics-eval"),
            FileManager.default.isExecutableFile(atPath: tool.path)
        else {
            return printer.row(
                Row(name: name, value: "not measured", against: "no idefics-eval beside benchmarks")
            )
        }
        var status: Int32 = 0
        let time = Measurement(effort) { status = Self.status(of: [tool.path, "--help"]) }
        let milliseconds = time.median * 1_000
        printer.row(
            Row(
                name: name,
                value: status == 0 ? "\(fixed(milliseconds)) ms" : "failed with status \(status)",
                against: Aim.under(50).verdict(on: milliseconds, "ms")
            )
        )
    }

    /// Runs a command with its output thrown away, without Foundation's own delays.
    /// - Returns: the wait status, 0 for success, −1 if it could not be started.
    private static func status(of command: [String]) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        let variables = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        var environment = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
        var process: pid_t = 0
        guard
            unsafe posix_spawn(&process, command[0], &actions, nil, &arguments, &environment) == 0
        else { return -1 }
        var status: Int32 = -1
        unsafe waitpid(process, &status, 0)
        return status
    }
}
