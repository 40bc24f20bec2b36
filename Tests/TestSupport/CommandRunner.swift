public import Foundation

/// What a command left behind.
public struct CommandResult: Sendable {
    /// Exit status; 128 + signal if a signal ended it.
    public var status: Int32
    /// What it wrote to stdout.
    public var output: String
    /// What it wrote to stderr.
    public var errors: String

    /// The lines of stdout, without the empty one at the end.
    public var lines: [String] {
        output.unicodeScalars.split(separator: "\n").map(String.init)
    }
}

/// Runs the built `idefics-eval`, which lies beside the test bundle.
public struct CommandRunner: Sendable {
    /// The working directory of commands.
    public var directory: URL
    /// Variables set beside a bare environment.
    ///
    /// Nothing of the caller's own `IDEFICS_EVAL_*` reaches the command. Tasks and demo are those
    /// of this repository.
    public var environment = ["IDEFICS_EVAL_HOME": repositoryRoot.path]

    /// What is run; the built command unless set.
    public var executable = Self.executable

    /// Creates a runner.
    /// - Parameter directory: the working directory of commands.
    public init(in directory: URL) { self.directory = directory }

    /// Runs a command to its end.
    /// - Parameters:
    ///   - arguments: what follows `idefics-eval`.
    ///   - input: what it reads from stdin.
    /// - Returns: exit status and output.
    /// - Throws: that it could not be started.
    @discardableResult
    public func run(_ arguments: [String], input: String = "") throws -> CommandResult {
        let command = try start(arguments, input: input)
        return command.wait()
    }

    /// Starts a command.
    /// - Parameters:
    ///   - arguments: what follows `idefics-eval`.
    ///   - input: what it reads from stdin.
    /// - Returns: the running command.
    /// - Throws: that it could not be started.
    public func start(_ arguments: [String], input: String = "") throws -> RunningCommand {
        try RunningCommand(
            executable: executable,
            arguments: arguments,
            environment: Self.bareEnvironment.merging(environment) { $1 },
            directory: directory,
            input: input
        )
    }

    /// The built command.
    public static var executable: URL {
        // The bundle is the first argument, or it is loaded by a runner that names it.
        let arguments = ProcessInfo.processInfo.arguments
        let bundle = arguments.first { $0.hasSuffix(".xctest") } ?? arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent()
            .appendingPathComponent("idefics-eval")
    }

    private static var bareEnvironment: [String: String] {
        ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "LANG", "OPENBLAS_NUM_THREADS"]
                .contains(name)
        }
    }
}

/// A command at work.
public final class RunningCommand {
    private let process = Process()
    private let outputFile: URL
    private let errorFile: URL

    /// The command's process id.
    public var processID: Int32 { process.processIdentifier }
    /// True until it has ended.
    public var isRunning: Bool { process.isRunning }

    init(
        executable: URL,
        arguments: [String],
        environment: [String: String],
        directory: URL,
        input: String
    ) throws {
        // Files, not pipes: a full pipe would stop the command until somebody reads.
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("idefics-eval-command-\(UUID().uuidString)")
        outputFile = scratch.appendingPathExtension("out")
        errorFile = scratch.appendingPathExtension("err")
        let inputFile = scratch.appendingPathExtension("in")
        try Data(input.utf8).write(to: inputFile)
        try Data().write(to: outputFile)
        try Data().write(to: errorFile)
        process.executableURL = executable
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = directory
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        defer { try? FileManager.default.removeItem(at: inputFile) }
        try process.run()
    }

    deinit {
        try? FileManager.default.removeItem(at: outputFile)  // leftovers do not matter
        try? FileManager.default.removeItem(at: errorFile)
    }

    /// Sends a signal.
    public func send(signal number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Waits for the end.
    /// - Returns: exit status and output.
    public func wait() -> CommandResult {
        process.waitUntilExit()
        let signalled = process.terminationReason == .uncaughtSignal
        return CommandResult(
            status: process.terminationStatus + (signalled ? 128 : 0),
            output: Self.text(outputFile),
            errors: Self.text(errorFile)
        )
    }

    /// What it has written to stderr so far.
    public var errorsSoFar: String { Self.text(errorFile) }

    private static func text(_ file: URL) -> String {
        // A file that is gone has no text; the assertions on the text say so.
        String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
    }
}
