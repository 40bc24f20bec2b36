import ArgumentParser
import Comparison
import EvalCore
import Foundation
import InputFiles
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
            An instruct row shows in parentheses how far it lies from its base row. Published
            numbers stand beside runs of the same task, split, shots, selection, protocol,
            variant and metric, with the difference, and nowhere else.
            csv and json give values in the metric's own unit, one record per cell. Runs that
            differ in nothing but their seed are joined below: mean, spread over seeds, and an
            interval that keeps both errors apart.

            EXAMPLES
              Markdown in the model card's layout:
                idefics-eval table > results.md
              One task, for a spreadsheet:
                idefics-eval table --task vqav2 --format csv
              One metric over time, steps marked; runs of another store stand among them:
                idefics-eval table --history vqa_accuracy --task vqav2 --shots 8 \\
                  --also last-week.sqlite
              Beside the numbers of another model, instruct rows beside its instruct model:
                idefics-eval table --published "IDEFICS 80B"
            """
    )

    @Option(help: ArgumentHelp("Only this task; may be repeated.", valueName: "name"))
    var task: [String] = []

    @Option(help: ArgumentHelp("How to write it.", valueName: "name"))
    var format: Format = .markdown

    @Option(
        help: ArgumentHelp(
            "Model whose published numbers stand beside runs; none for no such column. "
                + "(default: chosen by each run's protocol and model name)",
            valueName: "name"
        )
    )
    var published: String?

    @Option(
        help: ArgumentHelp(
            "This metric over time in place of the table: runs of one model name, task and "
                + "setting, oldest first.",
            valueName: "metric"
        )
    )
    var history: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Only these numbers of shots in the history.", valueName: "n,n"),
        transform: NumberList.read
    )
    var shots: NumberList?

    @Option(
        help: ArgumentHelp("Another store for the history; may be repeated.", valueName: "file")
    )
    var also: [String] = []

    @OptionGroup var store: StoreOptions
    @OptionGroup var taskFolders: TaskOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        guard history == nil else {
            if published != nil { throw ValidationError("--published has no place in --history") }
            return
        }
        if shots != nil { throw ValidationError("--shots chooses among runs of --history") }
        if !also.isEmpty { throw ValidationError("--also names a store for --history") }
    }

    func run() throws {
        let home = try Home.find()
        let catalog = try taskFolders.catalog(home)
        for name in task { _ = try catalog.task(name) }
        if let history { return try write(history: history) }
        let titles = Dictionary(uniqueKeysWithValues: catalog.tasks.map { ($0.name, $0.title) })
        // A probe has no number to show.
        let unscored = Set(catalog.tasks.filter(\.metrics.isEmpty).map(\.name))
        let reader = try RunStoreReader(path: store.store)
        let runs = try reader.runs().filter { run in
            let name = run.plan.recipe.task
            return task.isEmpty ? !unscored.contains(name) : task.contains(name)
        }
        let table = ResultTable(
            runs,
            published: try publishedChoice(home),
            layout: TableLayout(blocks: catalog.groups.flatMap(\.tables))
        )
        let seeds = try SeedGroup.groups(of: runs, reader: reader)
        switch output.json ? .json : format {
        case .markdown:
            try Output.write(MarkdownTable(table, titles: titles).text)
            for more in [
                SeedTable(seeds, titles: titles).markdown, GroupTable(table, titles: titles).text,
            ] where !more.isEmpty { try Output.write("\n" + more) }
        case .csv: try Output.write(TableRecords(table, seeds: seeds).csv)
        case .json: try Output.write(TableRecords(table, seeds: seeds).json)
        }
    }

    /// Writes a metric over the runs of one or more stores.
    private func write(history metric: String) throws {
        var sources: [RunHistory.Source] = []
        for path in [store.store] + also {
            let reader = try RunStoreReader(path: path)
            sources += try reader.runs().map { run in
                let weights = run.plan.recipe.engine.weightsDigest
                return RunHistory.Source(
                    run,
                    reader: reader,
                    weights: try reader.contentDigest(ofWeights: weights)
                )
            }
        }
        let known = Set(sources.flatMap { $0.run.metrics.map(\.metric) })
        guard known.isEmpty || known.contains(metric) else {
            let hint = nearestName(to: metric, among: known.sorted()).map {
                ", did you mean \"\($0)\"?"
            }
            throw CommandError.usage(
                "no run has the metric \"\(metric)\""
                    + (hint ?? "; there are \(known.sorted().joined(separator: ", "))")
            )
        }
        let chosen = sources.filter { source in
            let recipe = source.run.plan.recipe
            return (task.isEmpty || task.contains(recipe.task))
                && (shots?.values.contains(UInt64(recipe.shots)) ?? true)
        }
        let table = HistoryTable(try RunHistory(of: metric, in: chosen))
        switch output.json ? .json : format {
        case .markdown: try Output.write(table.markdown)
        case .csv: try Output.write(table.csv)
        case .json: try Output.write(table.json)
        }
    }

    /// The published numbers of the home folder, nil if there are none or none are asked for.
    private func publishedChoice(_ home: Home) throws -> PublishedChoice? {
        guard published != "none" else { return nil }
        let path = home.publishedResults
        guard FileManager.default.fileExists(atPath: path) else {
            guard published == nil else {
                throw CommandError.usage("--published needs \(path), which does not exist")
            }
            Output.note("note: \(path) does not exist, so the table has no published numbers")
            return nil
        }
        let json = Data(try InputFile(path).contents(limit: 16 << 20))
        return try PublishedChoice(try PublishedResults(json: json, path: path), model: published)
    }
}
