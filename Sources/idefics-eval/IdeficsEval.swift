import ArgumentParser
import EvalCore
import Foundation

/// The command and its verbs.
struct IdeficsEval: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "idefics-eval",
        abstract: "Evaluate IDEFICS-style vision-language models few-shot.",
        discussion: """
            EXAMPLES
              The demo, on a fresh clone:
                idefics-eval run vqav2 --shots 8
              A real checkpoint on real data:
                idefics-eval run vqav2 --model idefics-9b --data datasets --shots 0,4,8
              What came out, and why:
                idefics-eval table
                idefics-eval samples latest
              The exact prompt of the first question:
                idefics-eval tasks prompt vqav2 --index 0 --shots 2

            EXIT STATUS
              0 done, 2 usage, 3 regression found by a gate, 4 finished but some samples failed or
              a metric is undefined, 5 data or checkpoint invalid or missing, 6 store unusable,
              7 gate undecided, 1 bug in the program, 130 and 143 stopped by a signal: the same
              command goes on where it was.
            """,
        version: Host.toolVersion,
        subcommands: [
            RunCommand.self, PlanCommand.self, InferCommand.self, ScoreCommand.self,
            TasksCommand.self, RunsCommand.self, SamplesCommand.self, TableCommand.self,
            CompareCommand.self, GateCommand.self, ReportCommand.self, EmbedCommand.self,
        ]
    )
}

@main
enum Program {
    static func main() {
        // A file size limit is an error like a full disk, not an end without a word.
        _ = signal(SIGXFSZ, SIG_IGN)
        let status = status(of: Array(CommandLine.arguments.dropFirst()))
        exit(status.rawValue)
    }

    /// Runs a command line to its end; every error has become one line on stderr.
    private static func status(of arguments: [String]) -> ExitStatus {
        do {
            try VerbCheck.check(arguments)
        } catch {
            return report(error)
        }
        do {
            return run(try IdeficsEval.parseAsRoot(arguments))
        } catch {
            return answer(error)
        }
    }

    private static func run(_ parsed: any ParsableCommand) -> ExitStatus {
        var command = parsed
        do {
            try command.run()
            return .done
        } catch {
            // A verb without a verb of its own asks for its help by throwing.
            if IdeficsEval.exitCode(for: error) == .success { return answer(error) }
            return report(error)
        }
    }

    /// Answers what the argument parser has to say: help and version, or a mistake.
    private static func answer(_ error: any Error) -> ExitStatus {
        guard IdeficsEval.exitCode(for: error) == .success else {
            let message = IdeficsEval.message(for: error)
            let sentence = message.hasSuffix(".") ? String(message.dropLast()) : message
            Output.error(sentence + "; --help shows examples")
            return .usage
        }
        do {
            try Output.line(IdeficsEval.fullMessage(for: error, columns: 100))
            return .done
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> ExitStatus {
        if let status = error as? ExitStatus { return status }
        let status = ExitStatus(for: error)
        Output.error("\(error)")
        return status
    }
}

/// Finds misspelt verbs before the argument parser takes them for values.
enum VerbCheck {
    /// - Throws: `CommandError` with the nearest verb.
    static func check(_ arguments: [String]) throws {
        var command: any ParsableCommand.Type = IdeficsEval.self
        var path = "idefics-eval"
        for word in arguments {
            let verbs = command.configuration.subcommands
            guard !verbs.isEmpty, !word.hasPrefix("-"), word != "help" else { return }
            guard let verb = verbs.first(where: { $0._commandName == word }) else {
                // A verb with a default takes other words as that one's arguments.
                throw unknown(word, verbs.map { $0._commandName }, path)
            }
            command = verb
            path += " " + word
        }
    }

    private static func unknown(_ word: String, _ verbs: [String], _ path: String) -> CommandError {
        let nearest = nearestName(to: word, among: verbs).map { ", did you mean \"\($0)\"?" }
        let hint = nearest ?? "; there are \(verbs.joined(separator: ", "))"
        return .usage("\(path) has no verb \"\(word)\"\(hint)")
    }
}
