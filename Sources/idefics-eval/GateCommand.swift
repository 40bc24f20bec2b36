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
        try BaselineFile.check(name: name)
        let path = export ?? BaselineFile.path(of: name)
        let target = try BaselineFile.target(of: path)
        let chosen = try runsToKeep()
        let writer = try RunStoreWriter(path: store.store)
        try writer.save(baseline: name, runs: chosen.map(\.run)) {
            try BaselineFile.write(Baseline(name: name, runs: chosen), to: target)
        }
        try writer.close()
        if output.json {
            let value: JSONValue = [
                "baseline": .string(name), "export": .string(path),
                "runs": .array(chosen.map(ComparisonJSON.run)),
            ]
            try Output.line(value.text())
        } else {
            let count = chosen.count == 1 ? "1 run" : "\(chosen.count) runs"
            try Output.text("baseline \(name): \(count), exported to \(path)")
        }
    }

    /// - Throws: `CommandError` for runs of other stores, or two that ask the same.
    private func runsToKeep() throws -> [ComparedRun] {
        for run in runs where !RunReference(run, store: store.store).isOfStore {
            throw CommandError.usage(
                "\(run): a store's baselines are its own runs; name that store with --store"
            )
        }
        let chosen = try candidates()
        guard !chosen.isEmpty else {
            throw CommandError.usage("\(store.store) has no finished run to save")
        }
        for (index, run) in chosen.enumerated() {
            guard let other = chosen[..<index].first(where: { $0.isRival(of: run) }) else {
                continue
            }
            throw CommandError.usage(
                "\(other.run) and \(run.run) ask the same of one checkpoint (\(run.title)), a "
                    + "baseline holds one of them; leave one out"
            )
        }
        return chosen
    }

    /// The runs that are named, else of the store's finished ones the last for each question.
    private func candidates() throws -> [ComparedRun] {
        guard runs.isEmpty else { return try namedRuns() }
        let reader = try RunStoreReader(path: store.store)
        let finished = try Self.finished(reader)
        let last = finished.enumerated().filter { index, run in
            !finished[(index + 1)...].contains {
                $0.plan.recipe.asksTheSame(as: run.plan.recipe)
            }
        }
        let rest = finished.count - last.count
        if rest > 0 {
            Output.note(
                "note: \(last.count) of \(finished.count) finished runs are kept, the last of those "
                    + "that ask the same; name runs to choose others"
            )
        }
        return try last.map { try RunReference.load($0.element, reader) }
    }

    private func namedRuns() throws -> [ComparedRun] {
        try runs.map { try RunReference($0, store: store.store).run() }
    }

    private static func finished(_ reader: RunStoreReader) throws -> [RunSummary] {
        try reader.runs().filter { $0.status == .done && !$0.metrics.isEmpty }
    }

    // MARK: Judging

    private func judge(_ name: String, _ margins: Margins) throws {
        let baseline = try RunReference.baseline(name, store: store.store)
        let chosen = runs.isEmpty ? try counterparts(of: baseline) : try namedRuns()
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

    /// Of the store's finished runs those that the baseline is compared with; samples are read of
    /// no others.
    private func counterparts(of baseline: Baseline) throws -> [ComparedRun] {
        let reader = try RunStoreReader(path: store.store)
        let finished = try Self.finished(reader)
        let recipes = finished.map(\.plan.recipe)
        let positions = Set(
            baseline.runs.compactMap { baseline.counterpart(of: $0, among: recipes) }
        )
        return try positions.sorted().map { try RunReference.load(finished[$0], reader) }
    }
}
