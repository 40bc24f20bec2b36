import ArgumentParser
import Comparison
import EvalCore
import Foundation
import RunStore
import StrictJSON

/// `gate`: runs held against a baseline, for CI.
struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Hold runs against a baseline, or save one.",
        usage: "idefics-eval gate --baseline <name|file> | --save <name> [<runs> ...] [<options>]",
        discussion: """
            Each run of the baseline is compared, sample by sample, with the run of the store that
            asks the same (the last one, or those that are named). A run fails if its headline is
            worse beyond chance (p below 5 % by Holm over all runs) and beyond the threshold, or
            if outputs changed although nothing that identifies the run did.

            EXAMPLES
              Keep the last finished run of each question as a baseline, exported for CI:
                idefics-eval gate --save main
              Later, or on another machine with the exported file:
                idefics-eval gate --baseline results/baselines/main.json
              A report for a program; CIDEr may fall by two points:
                idefics-eval gate --baseline main --threshold cider=2 --json

            EXIT STATUS
              0 nothing is worse, 3 something is, 7 a run is missing, not comparable, or neither
              worse nor shown not to be.
            """
    )

    @Argument(
        help: "Runs: ids, latest:TASK@SHOTS, FILE.sqlite#RUN; the store's last ones unless given."
    )
    var runs: [String] = []

    @Option(help: ArgumentHelp("The baseline: a name or an exported file.", valueName: "name"))
    var baseline: String?

    @Option(help: ArgumentHelp("Save the runs as a baseline of this name.", valueName: "name"))
    var save: String?

    @Option(
        help: ArgumentHelp(
            "Where --save exports it; results/baselines/NAME.json unless given.",
            valueName: "file"
        )
    )
    var export: String?

    @OptionGroup var thresholds: ThresholdOptions
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: JSONOption

    func validate() throws {
        if (baseline == nil) == (save == nil) {
            throw ValidationError("expected either --baseline or --save")
        }
        if export != nil, save == nil { throw ValidationError("--export goes with --save") }
        if let save, save.isEmpty || save.contains("/") || save.contains(":") {
            throw ValidationError("--save \"\(save)\": a name without / and : is expected")
        }
    }

    func run() throws {
        let margins = try thresholds.margins()
        if let save {
            try keep(save)
        } else if let baseline {
            try judge(baseline, margins)
        }
    }

    // MARK: Saving

    private func keep(_ name: String) throws {
        let chosen = try candidates { _ in true }
        guard !chosen.isEmpty else {
            throw CommandError.usage("\(store.store) has no finished run to save")
        }
        let path = export ?? "\(RunReference.baselineFolder)/\(name).json"
        let url = URL(fileURLWithPath: path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Baseline(name: name, runs: chosen).data.write(to: url, options: .atomic)
        } catch {
            throw CommandError(.store, "\(path) cannot be written: \(error.localizedDescription)")
        }
        let writer = try RunStoreWriter(path: store.store)
        try writer.save(baseline: name, runs: chosen.map(\.run), at: Date())
        try writer.close()
        if output.json {
            let value: JSONValue = [
                "baseline": .string(name), "export": .string(path),
                "runs": .array(chosen.map(ComparisonJSON.run)),
            ]
            try Output.line(value.text())
        } else {
            let count = chosen.count == 1 ? "1 run" : "\(chosen.count) runs"
            try Output.line("baseline \(name): \(count), exported to \(path)")
        }
    }

    /// The runs that are named, else of the store's finished ones the last for each question.
    ///
    /// Samples are read of no other runs.
    private func candidates(where isWanted: (RunRecipe) -> Bool) throws -> [ComparedRun] {
        guard runs.isEmpty else {
            return try runs.map { try RunReference($0, store: store.store).run() }
        }
        let reader = try RunStoreReader(path: store.store)
        let finished = try reader.runs().filter { $0.status == .done && !$0.metrics.isEmpty }
            .filter { isWanted($0.plan.recipe) }
        let last = finished.enumerated().filter { index, run in
            !finished[(index + 1)...].contains {
                $0.plan.recipe.asksTheSame(as: run.plan.recipe)
            }
        }
        return try last.map { try RunReference.load($0.element, reader) }
    }

    // MARK: Judging

    private func judge(_ name: String, _ margins: Margins) throws {
        let baseline = try RunReference.baseline(name, store: store.store)
        let chosen = try candidates { recipe in
            baseline.runs.contains { $0.recipe.asksTheSame(as: recipe) }
        }
        let gate = Gate(baseline, chosen, margins: margins)
        let status: ExitStatus =
            gate.hasRegression ? .regression : gate.hasOpenQuestion ? .undecided : .done
        if output.json {
            try Output.line(GateReport.json(gate, status: status).text())
        } else {
            try Output.write(GateReport.text(gate))
        }
        guard status == .done else { throw status }
    }
}
