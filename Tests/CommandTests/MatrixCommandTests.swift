import Foundation
import StrictJSON
import TestSupport
import Testing

struct MatrixCommandTests {
    private static let matrix = """
        format: 1
        models: [{model: demo, precision: [bf16, f32]}]
        data: data
        tasks: vqav2
        shots: [0, 2]
        seeds: [1, 2]
        """

    private func with(
        _ yaml: String = matrix,
        _ body: (CommandBench) throws -> Void
    ) throws {
        try CommandBench.with { bench in
            try Data(yaml.utf8).write(to: bench.folder.appendingPathComponent("m.yaml"))
            try body(bench)
        }
    }

    @Test func everyCombinationRunsOnceAndIsAnsweredAgain() throws {
        try with { bench in
            let first = try bench.runner.run(["run", "--matrix", "m.yaml", "--json"])
            #expect(first.status == 0, "\(first.errors)")
            let runs = try first.objects()
            #expect(
                runs.map { $0["precision"] } == Array(repeating: "bf16", count: 4)
                    + Array(repeating: "f32", count: 4)
            )
            #expect(runs.map { $0["shots"] } == [0, 0, 2, 2, 0, 0, 2, 2])
            #expect(runs.map { $0["seed"] } == [1, 2, 1, 2, 1, 2, 1, 2])
            #expect(runs.allSatisfy { $0["status"] == "done" })

            // No picture is needed to answer again, and the table stands at the end.
            try FileManager.default.removeItem(at: bench.file("coco"))
            let again = try bench.runner.run(["run", "--matrix", "m.yaml"])
            #expect(again.status == 0, "\(again.errors)")
            #expect(again.lines.filter { $0.hasPrefix("[") }.count == 8)
            #expect(
                again.lines[0].hasPrefix("[1/8] vqav2 val2014, 0 shots, checkpoint, bf16, seed 1")
            )
            #expect(again.lines[7].hasPrefix("[8/8] "))
            #expect(again.lines.filter { $0.contains("from the store") }.count == 8)
            #expect(again.lines.filter { $0.contains("1,2") }.count == 4)
            #expect(again.lines.last == "next: idefics-eval table")

            let json = try bench.runner.run(["runs", "--json"]).objects()
            #expect(json.count == 8)
        }
    }

    @Test func aStoppedMatrixGoesOnAsAWhole() throws {
        try CommandBench.with(queries: 60) { bench in
            try Data(Self.matrix.utf8).write(to: bench.folder.appendingPathComponent("m.yaml"))
            let arguments = ["run", "--matrix", "m.yaml", "--json", "--threads", "1"]
            let command = try bench.runner.start(arguments)
            while command.isRunning {
                let listed = try bench.runner.run(["runs", "--json"])
                if listed.lines.count > 2 { break }
            }
            command.send(signal: SIGINT)
            let stopped = command.wait()
            #expect(stopped.status == 130, "\(stopped.errors)")
            #expect(try stopped.objects().count < 8)
            let whole = try bench.runner.run(arguments)
            #expect(whole.status == 0, "\(whole.errors)")
            let runs = try whole.objects()
            #expect(runs.count == 8)
            #expect(runs.allSatisfy { $0["status"] == "done" })
            for run in try bench.runner.run(["runs", "--json"]).objects() {
                #expect(run["generated"] == 60)
            }
        }
    }

    @Test func aRunThatCannotStartStopsTheWholeGridBeforeItStarts() throws {
        let yaml = Self.matrix.replacing("shots: [0, 2]", with: "shots: [0, 99]")
        try with(yaml) { bench in
            let result = try bench.runner.run(["run", "--matrix", "m.yaml", "--json"])
            #expect(result.status == 5, "\(result.errors)")
            #expect(result.output.isEmpty)
            #expect(try bench.runner.run(["runs", "--json"]).output.isEmpty)
        }
    }

    @Test(
        arguments: [
            (["--shots", "4"], "--shots stands on the command line and in m.yaml:5"),
            (["--seed=4"], "--seed stands on the command line and in m.yaml:6"),
            (["--model", "x"], "--model stands on the command line and in m.yaml:2"),
            (["--precision", "f32"], "--precision stands on the command line and in m.yaml:2"),
            (["--data", "data"], "--data stands on the command line and in m.yaml:3"),
            (["okvqa"], "the task okvqa stands on the command line and in m.yaml:4"),
            (["--stats", "s.json"], "--stats counts the work of one checkpoint"),
        ]
    )
    func whatIsSaidTwiceIsRefused(flags: [String], message: String) throws {
        try with { bench in
            for verb in ["run", "plan"] where verb == "run" || flags[0] != "--stats" {
                let result = try bench.runner.run([verb, "--matrix", "m.yaml"] + flags)
                #expect(result.status == 2, "\(result.errors)")
                #expect(result.errors.contains(message), "\(result.errors)")
                #expect(result.lines.isEmpty)
            }
        }
    }

    @Test(
        arguments: [
            ("format: 1\ntasks: vqa2", "m.yaml:2: unknown task \"vqa2\", did you mean \"vqav2\"?"),
            ("format: 1\nshots: 4", "m.yaml: names no tasks, and the command neither"),
            ("format: 1\ntasks: vqav2\nprecision: bf61", "m.yaml:3: unknown precision \"bf61\""),
            ("format: 1\ntasks: vqav2\noverlong: x", "m.yaml:3: unknown policy \"x\""),
            ("format: 1\ntasks: vqav2\nshoots: 1", "m.yaml:3: unknown key \"shoots\""),
        ]
    )
    func mistakesInTheFileAreNamedWithTheirLine(yaml: String, message: String) throws {
        try with(yaml) { bench in
            let result = try bench.run("run", "--matrix", "m.yaml")
            #expect(result.status == 2, "\(result.errors)")
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }

    @Test func flagsFillWhatTheFileLeavesOpen() throws {
        try with("format: 1\nshots: [0]") { bench in
            let result = try bench.run(
                "run",
                "vqav2",
                "--matrix",
                "m.yaml",
                "--limit",
                "2",
                "--seed",
                "3",
                "--json"
            )
            #expect(result.status == 0, "\(result.errors)")
            let runs = try result.objects()
            #expect(runs.map { $0["seed"] } == [3])
            #expect(runs.map { $0["counts"] } == [["samples": 2, "done": 2, "errors": 0]])
        }
    }

    @Test func planSumsUpTheGrid() throws {
        try with { bench in
            let result = try bench.runner.run(["plan", "--matrix", "m.yaml"])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.contains("8 runs of 2 checkpoints, each loaded once"))
            #expect(result.lines.filter { $0.contains("vqav2 val2014") }.count == 8)
            let json = try bench.runner.run(["plan", "--matrix", "m.yaml", "--json"])
            #expect(try json.objects().count == 10)
            #expect(try bench.runner.run(["runs"]).status == 6)
        }
    }

    @Test func seedsAreJoinedAndHistoryIsShown() throws {
        try with { bench in
            try bench.runner.run(["run", "--matrix", "m.yaml", "--json"])
            let table = try bench.runner.run(["table", "--published", "none"])
            #expect(table.output.contains("SD over seeds"))
            let runs = try bench.runner.run(["runs"])
            #expect(runs.output.contains("several seeds"))
            let csv = try bench.runner.run(["table", "--format", "csv"])
            #expect(csv.lines.filter { $0.contains(",1 2,") }.count == 4)

            let history = try bench.runner.run([
                "table", "--history", "vqa_accuracy", "--shots", "2",
            ])
            #expect(history.status == 0, "\(history.errors)")
            #expect(history.output.contains("precision bf16 → f32"))
            #expect(history.output.components(separatedBy: "| Finished |").count == 3)
            let json = try bench.runner.run(
                ["table", "--history", "vqa_accuracy", "--also", "results/runs.sqlite", "--json"]
            )
            guard
                case .array(let records) = try JSONValue(
                    parsing: Array(json.output.utf8),
                    source: "stdout"
                )
            else { return #expect(Bool(false)) }
            #expect(records.count == 16)
            let unknown = try bench.runner.run(["table", "--history", "vqa_acuracy"])
            #expect(unknown.status == 2)
            #expect(unknown.errors.contains("did you mean \"vqa_accuracy\"?"))
            #expect(try bench.runner.run(["table", "--shots", "2"]).status == 2)
        }
    }
}
