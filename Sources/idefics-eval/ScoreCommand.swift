import ArgumentParser
import EvalCore
import Evaluation
import Reporting
import StrictJSON
import Tasks

/// `score`: scores a prediction file without a model.
struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score a prediction file, or a stored run's answers, without a model.",
        usage: """
            idefics-eval score <task> --predictions <file> [<options>]
            idefics-eval score --run <run> [<options>]
            """,
        discussion: """
            Predictions are a file in the shape that the task's server takes, plain or
            gzip-compressed: a JSON list such as [{"question_id": 1, "answer": "red"}], a CSV with
            the columns id and label or score, or JSON lines (`tasks show` says which). Ids without
            a prediction are counted and give status 4, unless --partial says that they are meant
            to be missing.

            EXAMPLES
              Against the data root:
                idefics-eval score vqav2 --predictions answers.json --data datasets
              Against an annotation file alone:
                idefics-eval score vqav2 --predictions answers.json \\
                  --references v2_mscoco_val2014_annotations.json
              Some of the questions, for a program:
                idefics-eval score vqav2 --predictions answers.json --partial --json
              Memes by the probability of the positive label:
                idefics-eval score hatefulmemes --predictions scores.csv --data datasets
              The present metrics on the stored answers of a run; old scores are kept:
                idefics-eval score --run latest --data datasets
              A few captions, weighted by the document frequencies of all:
                idefics-eval score coco --predictions captions.json --partial \\
                  --idf-corpus captions_val2014.json
            """
    )

    @Argument(help: "The task's name.")
    var task: String?

    @Option(help: ArgumentHelp("File of predictions.", valueName: "file"))
    var predictions: String?

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "Stored run whose answers get the present metrics: an id, the beginning of one, or "
                + "latest.",
            valueName: "run"
        )
    )
    var storedRun: String?

    @Option(
        help: ArgumentHelp(
            "Annotation file in the task's official format, in place of the data root's.",
            valueName: "file"
        )
    )
    var references: String?

    @Option(
        help: ArgumentHelp(
            "Annotation file in whose references CIDEr's document frequencies are counted; those "
                + "of the predicted samples unless given.",
            valueName: "file"
        )
    )
    var idfCorpus: String?

    @Option(
        help: ArgumentHelp("Split that is scored; the task's own unless given.", valueName: "name")
    )
    var split: String?

    @Flag(help: "Predictions may be missing.")
    var partial = false

    @OptionGroup var data: DataOptions
    @OptionGroup var taskFolders: TaskOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        guard storedRun == nil else {
            let isAlone =
                task == nil && predictions == nil && references == nil && idfCorpus == nil
                && split == nil && !partial
            guard isAlone else {
                throw ValidationError(
                    "--run scores a stored run as it was asked for; it takes --data, --tasks, "
                        + "--store and --json only"
                )
            }
            return
        }
        guard task != nil else { throw ValidationError("Missing expected argument '<task>'") }
        guard predictions != nil else {
            throw ValidationError("Missing expected argument '--predictions <file>'")
        }
    }

    func run() throws {
        let home = try Home.find()
        if let storedRun {
            return try RescoreSession(
                store: store.store,
                data: data,
                catalog: taskFolders.catalog(home),
                home: home,
                wantsJSON: output.json
            )
            .score(storedRun)
        }
        guard let task, let predictions else { return }  // `validate` refuses anything else
        let definition = try taskFolders.catalog(home).task(task)
        let score = try ScoreFile(
            predictions,
            task: definition,
            references: source(home),
            frequencyCorpus: idfCorpus
        )
        if output.json {
            try Output.line(JSONValue.object(RunJSON.score(score)).text())
        } else {
            try Output.line("\(score.task) \(score.split)")
            try Output.write(RunText.table(score.metrics))
            if let headline = score.metrics.first {
                try Output.write("\n" + RunText.breakdown(headline))
            }
            if let terms = score.terms { try Output.write(BiasTermsText.text(terms)) }
        }
        if score.missingCount > 0, !partial {
            Output.note(
                "\(score.missingCount) samples have no prediction and are left out; "
                    + "--partial says that this is meant"
            )
            throw ExitStatus.incomplete
        }
        let hasTerms = score.terms?.tables.contains { !$0.terms.isEmpty } ?? true
        guard score.count > 0, hasTerms else {
            Output.note("nothing was scored")
            throw ExitStatus.incomplete
        }
        for metric in score.metrics where metric.value == nil {
            Output.note("\(metric.metric) is undefined: \(metric.reason ?? "no reason recorded")")
        }
        guard score.metrics.allSatisfy({ $0.value != nil }) else { throw ExitStatus.incomplete }
    }

    private func source(_ home: Home) throws -> ScoreFile.References {
        if let references { return .file(references, split: split) }
        let root = try data.root(home)
        DemoNote.show(model: false, data: root.isDemo)
        return .split(split, dataRoot: root.path)
    }
}
