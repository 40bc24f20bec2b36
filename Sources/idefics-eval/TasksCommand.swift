import ArgumentParser
import EvalCore
import Evaluation
import Foundation
import LocalEngine
import Reporting
import StrictJSON
import Tasks

/// `tasks`: what can be evaluated, and how it is asked.
struct TasksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "List tasks, show one, or show the exact prompt of a query.",
        discussion: """
            EXAMPLES
              idefics-eval tasks list
              idefics-eval tasks show vqav2
              idefics-eval tasks prompt vqav2 --index 0 --shots 2
            """,
        subcommands: [List.self, Show.self, ShowPrompt.self]
    )

    /// `tasks list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the tasks.",
            usage: "idefics-eval tasks list [<options>]",
            discussion: """
                EXAMPLES
                  idefics-eval tasks list
                  idefics-eval tasks list --tasks my-tasks --json
                """
        )

        @OptionGroup var taskFolders: TaskOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let catalog = try taskFolders.catalog(try Home.find())
            let tasks = catalog.tasks
            guard !output.json else {
                for task in tasks {
                    try Output.line(JSONValue.object(TaskJSON.object(task)).text())
                }
                return
            }
            var table = AlignedTable([
                ("task", .left), ("title", .left), ("headline", .left), ("default split", .left),
                ("protocols", .left),
            ])
            for task in tasks {
                table.add([
                    task.name, task.title, task.metrics.first?.name ?? "", task.defaultSplit,
                    task.protocols.map(\.name).joined(separator: ", "),
                ])
            }
            try Output.write(table.text)
            for group in catalog.groups {
                let names = group.members.map(\.task).joined(separator: ", ")
                try Output.line("\ngroup \(group.name): \(names)")
            }
        }
    }

    /// `tasks show`.
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show what a task is made of.",
            usage: "idefics-eval tasks show <task> [<options>]",
            discussion: """
                EXAMPLES
                  idefics-eval tasks show vqav2
                """
        )

        @Argument(help: "The task's name.")
        var task: String

        @OptionGroup var taskFolders: TaskOptions
        @OptionGroup var output: JSONOption

        func run() throws {
            let definition = try taskFolders.catalog(try Home.find()).task(task)
            try Output.write(
                output.json
                    ? JSONValue.object(TaskJSON.object(definition)).text() + "\n"
                    : TaskText.description(definition)
            )
        }
    }
}

extension TasksCommand {
    /// `tasks prompt`.
    struct ShowPrompt: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prompt",
            abstract: "Show the exact prompt of a query, as a run would make it.",
            usage: "idefics-eval tasks prompt <task> [<options>]",
            discussion: """
                Spaces are shown as ·, line feeds as ⏎, tabs as ⇥, pictures as <image: path>.

                EXAMPLES
                  The first question of the demo data with two shots:
                    idefics-eval tasks prompt vqav2 --index 0 --shots 2
                  With token ids of a checkpoint, for a program:
                    idefics-eval tasks prompt vqav2 --index 7 --shots 4 --model idefics-9b --json
                """
        )

        @Argument(help: "The task's name.")
        var task: String

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Position of the query in file order, from 0.", valueName: "n")
        )
        var index = 0

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Number of shots.", valueName: "n")
        )
        var shots = 0

        @Option(help: ArgumentHelp("Seed of support set and shots.", valueName: "n"))
        var seed: UInt64 = 42

        @Option(
            help: ArgumentHelp(
                "Checkpoint whose tokenizer makes token ids; none unless given.",
                valueName: "dir"
            )
        )
        var model: String?

        @OptionGroup var prompt: PromptOptions
        @OptionGroup var data: DataOptions
        @OptionGroup var taskFolders: TaskOptions
        @OptionGroup var output: JSONOption

        func validate() throws {
            if index < 0 { throw ValidationError("--index \(index): expected 0 or more") }
            if shots < 0 || shots > 100_000 {
                throw ValidationError("--shots \(shots): expected 0…100000")
            }
        }

        func run() throws {
            let home = try Home.find()
            let definition = try taskFolders.catalog(home).task(task)
            let root = try data.root(home)
            DemoNote.show(model: false, data: root.isDemo)
            var request = RunRequest(task: definition, dataRoot: root.path, shots: shots)
            request.seed = seed
            request.split = prompt.split
            request.selection = prompt.selection.request
            request.supportSize = prompt.supportSize
            request.promptProtocol = prompt.promptProtocol
            request.variant = prompt.variant
            let encoder = try model.map { try LocalEngine.encoder($0) }
            let source = EncoderSource(
                prompt: prompt,
                isDemo: root.isDemo,
                home: home,
                options: ClipEmbedderOptions(
                    cacheFolder: EncoderSource.cacheFolder(beside: StoreOptions.defaultStore)
                )
            )
            let preview = try PromptPreview(
                of: index,
                in: request,
                encoder: encoder,
                retrieval: try source.retrieval(ProgressDisplay(), cancellation: Cancellation())
            )
            try Output.write(
                output.json
                    ? JSONValue.object(RunJSON.prompt(preview)).text() + "\n"
                    : PromptText.preview(preview)
            )
        }
    }
}
