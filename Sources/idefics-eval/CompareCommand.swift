import ArgumentParser
import Comparison
import StrictJSON

/// `compare`: two runs, sample by sample.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare two runs sample by sample.",
        usage: "idefics-eval compare <A> <B> [<options>]",
        discussion: """
            Pairs samples by id, checks that their prompts are equal, says in what the runs differ,
            and gives each metric's difference B − A with interval, p and a verdict: improved,
            regressed, equivalent (the 90 % interval lies within the threshold), inconclusive, or
            not comparable.

            A run is an id or its beginning, `latest`, `latest:TASK@SHOTS`,
            `baseline:NAME[:TASK@SHOTS]`, or `FILE.sqlite#RUN` of another store.

            EXAMPLES
              This week's run against last week's:
                idefics-eval compare last-week.sqlite#latest:vqav2@8 latest:vqav2@8
              Against a saved baseline, a point of VQA accuracy does not matter:
                idefics-eval compare baseline:main:vqav2@8 latest --threshold vqa_accuracy=1
            """
    )

    @Argument(help: ArgumentHelp("The run to compare with.", valueName: "A"))
    var first: String

    @Argument(help: ArgumentHelp("The run that is compared.", valueName: "B"))
    var second: String

    @OptionGroup var thresholds: ThresholdOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: JSONOption

    func run() throws {
        let margins = try thresholds.margins()
        let comparison = RunComparison(
            try RunReference(first, store: store.store).run(),
            try RunReference(second, store: store.store).run(),
            margins: margins
        )
        if output.json {
            try Output.line(ComparisonJSON.comparison(comparison).text())
        } else {
            try Output.write(ComparisonText.text(comparison))
        }
    }
}
