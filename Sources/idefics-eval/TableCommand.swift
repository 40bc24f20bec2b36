import ArgumentParser
import EvalCore
import Reporting
import RunStore
import Tasks

/// `table`: the finished runs in the model card's layout.
struct TableCommand: ParsableCommand {
    /// What it can write.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case markdown
        case csv
        case json
    }

    static let configuration = CommandConfiguration(
        commandName: "table",
        abstract: "Print finished runs as a table: models and shots by benchmark.",
        usage: "idefics-eval table [<options>]",
        discussion: """
            Numbers that may not stand beside published ones are marked †, cells without a run –.
            csv and json give values in the metric's own unit, one record per cell.

            EXAMPLES
              Markdown in the model card's layout:
                idefics-eval table > results.md
              One task, for a spreadsheet:
                idefics-eval table --task vqav2 --format csv
            """
    )

    @Option(help: ArgumentHelp("Only this task; may be repeated.", valueName: "name"))
    var task: [String] = []

    @Option(help: ArgumentHelp("How to write it.", valueName: "name"))
    var format: Format = .markdown

    @OptionGroup var store: StoreOptions
    @OptionGroup var taskFolders: TaskOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let catalog = try taskFolders.catalog(try Home.find())
        for name in task { _ = try catalog.task(name) }
        let titles = Dictionary(uniqueKeysWithValues: catalog.tasks.map { ($0.name, $0.title) })
        let runs = try RunStoreReader(path: store.store).runs().filter { run in
            task.isEmpty || task.contains(run.plan.recipe.task)
        }
        let table = ResultTable(runs)
        switch output.json ? .json : format {
        case .markdown: try Output.write(MarkdownTable(table, titles: titles).text)
        case .csv: try Output.write(TableRecords(table).csv)
        case .json: try Output.write(TableRecords(table).json)
        }
    }
}
