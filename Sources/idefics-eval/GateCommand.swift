import ArgumentParser
import Comparison
import EvalCore
import Foundation
import Reporting
import RunStore
import Statistics
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
              Keep the finished runs of the store as a baseline, exported for CI:
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

    @Argument(help: "Runs: ids, latest:TASK@SHOTS, FILE.sqlite#RUN; all of the store unless given.")
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
        let chosen = try candidates()
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

    /// The runs that are named, else the finished ones of the store.
    private func candidates() throws -> [ComparedRun] {
        guard runs.isEmpty else {
            return try runs.map { try RunReference($0, store: store.store).run() }
        }
        let reader = try RunStoreReader(path: store.store)
        return try reader.runs().filter { $0.status == .done && !$0.metrics.isEmpty }
            .map { try RunReference.load($0, reader) }
    }

    // MARK: Judging

    private func judge(_ name: String, _ margins: Margins) throws {
        let baseline = try RunReference.baseline(name, store: store.store)
        let gate = Gate(baseline, try candidates(), margins: margins)
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

/// A gate's report.
enum GateReport {
    static func text(_ gate: Gate) -> String {
        var table = AlignedTable([
            ("run", .left), ("metric", .left), ("baseline", .right), ("now", .right),
            ("difference", .right), ("95 % interval", .left), ("p (Holm)", .right),
            ("outcome", .left),
        ])
        for row in gate.rows { table.add(cells(row)) }
        let open = gate.rows.filter { $0.outcome != .passed && $0.outcome != .improved }
        let remarks = open.map { row in
            TerminalText.escaped("\(row.baseline.title): \(row.outcome.rawValue), \(row.reason)")
                + "\n" + (row.comparison.map(details) ?? "")
        }
        let result =
            gate.hasRegression ? "regression" : gate.hasOpenQuestion ? "undecided" : "passed"
        return table.text + remarks.joined()
            + TerminalText.escaped("gate against \(gate.name): \(result)") + "\n"
    }

    private static func details(_ comparison: RunComparison) -> String {
        ComparisonText.differences(comparison)
            .split(separator: "\n").map { "  " + $0 + "\n" }.joined()
    }

    private static func cells(_ row: Gate.Row) -> [String] {
        guard let metric = row.comparison?.metrics.first else {
            return [row.baseline.title, "", "", "", "", "", "", row.outcome.rawValue]
        }
        let display = MetricDisplay(metric: metric.metric)
        let estimate = metric.estimate
        return [
            row.baseline.title, metric.metric, metric.first.map(display.text) ?? "–",
            metric.second.map(display.text) ?? "–",
            estimate.map { ComparisonText.signed($0.difference, display) } ?? "–",
            estimate?.interval.map { ComparisonText.interval($0, display) } ?? "–",
            row.adjustedProbability.map(ComparisonText.probability) ?? "–", row.outcome.rawValue,
        ]
    }

    static func json(_ gate: Gate, status: ExitStatus) -> JSONValue {
        [
            "baseline": .string(gate.name), "status": .integer(Int(status.rawValue)),
            "regression": .boolean(gate.hasRegression),
            "undecided": .boolean(gate.hasOpenQuestion),
            "rows": .array(
                gate.rows.map { row in
                    [
                        "baseline": ComparisonJSON.run(row.baseline),
                        "run": row.comparison.map { ComparisonJSON.run($0.second) } ?? .null,
                        "outcome": .string(row.outcome.rawValue), "reason": .string(row.reason),
                        "p_adjusted": ComparisonJSON.number(row.adjustedProbability),
                        "changed": row.comparison.map(ComparisonJSON.differences) ?? .null,
                        "outputs_differ": .integer(row.comparison?.changedOutputCount ?? 0),
                        "prompts_differ": .integer(row.comparison?.changedPromptCount ?? 0),
                        "metrics": .array(
                            row.comparison?.metrics.map(ComparisonJSON.metric) ?? []
                        ),
                    ]
                }
            ),
        ]
    }
}
