import ArgumentParser
import EvalCore
import Foundation
import Reporting
import RunStore
import StrictJSON

/// `runs`: lists stored runs, or shows one with its provenance.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List stored runs, or show what made one.",
        usage: "idefics-eval runs [<run>] [<options>]",
        discussion: """
            EXAMPLES
              All runs, oldest first:
                idefics-eval runs
              One run with everything that its numbers depend on:
                idefics-eval runs latest
              For a program:
                idefics-eval runs --json
            """
    )

    @Argument(
        help: ArgumentHelp("A run's id, the beginning of one, or `latest`.", valueName: "run")
    )
    var name: String?

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let reader = try RunStoreReader(path: store.store)
        let runs = try name.map { [try RunReference.summary(of: $0, reader)] } ?? reader.runs()
        if output.json {
            for run in runs {
                try Output.line(JSONValue.object(RunJSON.listed(run, store: store.store)).text())
            }
        } else if name != nil, let first = runs.first {
            try Output.write(RunText.result(first) + RunText.provenance(first))
            for attempt in try reader.attempts(of: first.run) {
                try Output.line("  " + Self.line(attempt))
            }
        } else {
            try Output.write(RunText.list(runs))
            let seeds = SeedTable(try SeedGroup.groups(of: runs, reader: reader)).text
            if !seeds.isEmpty { try Output.write("\nseveral seeds\n" + seeds) }
        }
    }

    private static func line(_ attempt: AttemptRecord) -> String {
        let description = attempt.description
        let commit = description.commit.map { " (\($0.prefix(10)))" } ?? ""
        let ending = attempt.ending ?? "at work"
        return TerminalText.escaped(
            "attempt \(attempt.started.formatted(.iso8601)): \(ending), "
                + "\(attempt.sampleCount) samples, tool \(description.toolVersion)\(commit), "
                + "\(description.threads) threads, \(description.cpu), \(description.system)"
        )
    }
}
