import Foundation
import StrictJSON
import TestSupport
import Testing

/// `compare` and `gate` on the demo.
struct GateCommandTests {
    private static let demo = repositoryRoot.appendingPathComponent("demo/data")

    /// Runs `body` beside a saved baseline `main` of 60 demo questions.
    private func withBaseline(_ body: (CommandRunner, URL) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let runner = CommandRunner(in: folder)
            #expect(try runner.run(Self.run()).status == 0)
            let saved = try runner.run(["gate", "--save", "main"])
            #expect(saved.status == 0, "\(saved.errors)")
            try body(runner, folder)
        }
    }

    private static func run(_ more: String...) -> [String] {
        ["run", "vqav2", "--shots", "4", "--limit", "60", "--threads", "2"] + more
    }

    /// The demo's data with each picture of COCO in the place of another.
    private func shuffledData(in folder: URL) throws -> String {
        let copy = folder.appendingPathComponent("shuffled")
        try FileManager.default.copyItem(at: Self.demo, to: copy)
        for split in ["train2014", "val2014"] {
            let source = Self.demo.appendingPathComponent("coco/\(split)")
            let names = try FileManager.default.contentsOfDirectory(atPath: source.path).sorted()
            for (index, name) in names.enumerated() {
                let other = names[(index + names.count / 2) % names.count]
                try Data(contentsOf: source.appendingPathComponent(other))
                    .write(to: copy.appendingPathComponent("coco/\(split)/\(name)"))
            }
        }
        return copy.path
    }

    @Test func theSameRunPassesFromStoreAndFile() throws {
        try withBaseline { runner, _ in
            for name in ["main", "results/baselines/main.json"] {
                let gate = try runner.run(["gate", "--baseline", name])
                #expect(gate.status == 0, "\(gate.output)")
                #expect(gate.output.contains("passed"))
            }
            let other = try runner.run(Self.run("--store", "other.sqlite"))
            #expect(other.status == 0)
            let gate = try runner.run([
                "gate", "--baseline", "results/baselines/main.json", "--store", "other.sqlite",
                "--json",
            ])
            let report = try #require(try gate.objects().first)
            #expect(gate.status == 0 && report["regression"] == false)
            let compared = try runner.run(["compare", "latest", "other.sqlite#latest"])
            #expect(compared.output.contains("changed: nothing"))
            #expect(compared.output.contains("verdict: equivalent"))
        }
    }

    @Test func shuffledPicturesAreARegressionThatIsNamed() throws {
        try withBaseline { runner, folder in
            let data = try shuffledData(in: folder)
            let worse = try runner.run(Self.run("--data", data, "--store", "worse.sqlite"))
            #expect(worse.status == 0, "\(worse.errors)")
            let gate = try runner.run([
                "gate", "--baseline", "results/baselines/main.json", "--store", "worse.sqlite",
            ])
            #expect(gate.status == 3, "\(gate.output)")
            #expect(gate.output.contains("60 prompts differ"))
            #expect(gate.output.contains("but not the pictures"))
            #expect(gate.output.contains("gate against main: regression"))
            let compared = try runner.run(["compare", "baseline:main", "worse.sqlite#latest"])
            #expect(compared.output.contains("verdict: not comparable (60 of 60 prompts differ"))
        }
    }

    /// Tasks with another shot template for VQAv2, beside the demo.
    private func home(_ shot: String, in folder: URL) throws -> URL {
        let home = folder.appendingPathComponent("home")
        let tasks = home.appendingPathComponent("tasks")
        let files = FileManager.default
        try files.createDirectory(at: home, withIntermediateDirectories: true)
        try files.copyItem(at: repositoryRoot.appendingPathComponent("tasks"), to: tasks)
        try files.createSymbolicLink(
            at: home.appendingPathComponent("demo"),
            withDestinationURL: repositoryRoot.appendingPathComponent("demo")
        )
        let file = tasks.appendingPathComponent("vqav2.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("shot: \"\(Self.shot)\""))
        // A query is a shot up to its answer.
        let query = "query: \"Image:{image}Question: {question} Answer:\""
        #expect(text.contains(query))
        let open = shot.prefix(upTo: shot.range(of: "{answer}")?.lowerBound ?? shot.endIndex)
        try text.replacing("shot: \"\(Self.shot)\"", with: "shot: \"\(shot)\"")
            .replacing(query, with: "query: \"\(open.trimmingCharacters(in: .whitespaces))\"")
            .write(to: file, atomically: true, encoding: .utf8)
        return home
    }

    private static let shot = #"Image:{image}Question: {question} Answer: {answer}\n"#

    @Test(
        "a wrong separator",
        arguments: [
            (#"Image:{image}{question}{answer}"#, 3, "regressed"),
            (#"Image:{image}Question: {question}  Answer: {answer}\n"#, 7, "not comparable"),
        ]
    )
    func anotherTemplateIsCaughtAndShown(shot: String, status: Int32, outcome: String) throws {
        try withBaseline { runner, folder in
            var other = runner
            other.environment["IDEFICS_EVAL_HOME"] = try home(shot, in: folder).path
            #expect(try other.run(Self.run("--store", "other.sqlite")).status == 0)
            let gate = try other.run([
                "gate", "--baseline", "results/baselines/main.json", "--store", "other.sqlite",
            ])
            #expect(gate.status == status, "\(gate.output)")
            #expect(gate.output.contains("vqav2 4-shot: \(outcome)"))
            #expect(gate.output.contains("60 prompts differ"))
            #expect(gate.output.contains(#"shot template "\#(Self.shot)" → "\#(shot)""#))
        }
    }

    @Test func anotherPrecisionIsNamedAndExchangingRunsNegates() throws {
        try withBaseline { runner, _ in
            let int8 = try runner.run(Self.run("--precision", "int8"))
            #expect(int8.status == 0)
            let gate = try runner.run(["gate", "--baseline", "main"])
            #expect([0, 7].contains(gate.status), "\(gate.output)")
            #expect(gate.output.contains("changed in vqav2 4-shot: precision bf16 → int8"))
            func compared(_ a: String, _ b: String) throws -> JSONObject {
                let result = try runner.run(["compare", a, b, "--json"])
                #expect(result.status == 0, "\(result.errors)")
                return try #require(try result.objects().first)
            }
            let there = try compared("baseline:main", "latest")
            let back = try compared("latest", "baseline:main:vqav2@4")
            #expect("\(String(describing: there["changed"]))".contains("int8"))
            #expect(there["pairs"] == 60 && back["pairs"] == 60)
            #expect(there["outputs_differ"] == back["outputs_differ"])
        }
    }

    @Test func anExportTouchesNothingButBaselines() throws {
        try withBaseline { runner, folder in
            let store = folder.appendingPathComponent("results/runs.sqlite")
            let before = try Data(contentsOf: store)
            let notes = folder.appendingPathComponent("notes.txt")
            try Data("mine".utf8).write(to: notes)
            for target in ["results/runs.sqlite", "notes.txt", "results", "/dev/null"] {
                let result = try runner.run(["gate", "--save", "x", "--export", target])
                #expect(result.status == 2 && result.errors.contains("is no baseline"), "\(target)")
            }
            #expect(try Data(contentsOf: store) == before)
            #expect(try String(contentsOf: notes, encoding: .utf8) == "mine")
            #expect(try runner.run(["gate", "--baseline", "x"]).status == 2)
            let link = folder.appendingPathComponent("link.json")
            try FileManager.default.createSymbolicLink(
                at: link,
                withDestinationURL: folder.appendingPathComponent("results/baselines/main.json")
            )
            #expect(try runner.run(["gate", "--save", "y", "--export", "link.json"]).status == 0)
            #expect(
                try runner.run(["gate", "--baseline", "link.json"]).output.contains("against y")
            )
            for name in ["", ".", "a/b", "x.json", "a\nb"] {
                #expect(try runner.run(["gate", "--save", name]).status == 2, "\(name)")
            }
        }
    }

    @Test func baselinesAreOfTheStoresOwnRuns() throws {
        try withBaseline { runner, _ in
            #expect(try runner.run(Self.run("--store", "other.sqlite")).status == 0)
            let foreign = try runner.run(["gate", "--save", "x", "other.sqlite#latest"])
            #expect(foreign.status == 2 && foreign.errors.contains("--store"))
            let twice = try runner.run(["gate", "--save", "x", "latest", "latest:vqav2@4"])
            #expect(twice.status == 2 && twice.errors.contains("ask the same"))
            for threshold in ["vqa_acuracy=5", "vqa_accuracy=0x10"] {
                let gate = try runner.run(["gate", "--baseline", "main", "--threshold", threshold])
                #expect(gate.status == 2, "\(threshold)")
            }
        }
    }

    @Test func whatIsMissingIsSaid() throws {
        try withBaseline { runner, folder in
            #expect(try runner.run(["gate", "--baseline", "other"]).status == 2)
            #expect(try runner.run(["gate"]).status == 2)
            #expect(try runner.run(["compare", "nonsense", "latest"]).status == 2)
            #expect(try runner.run(["compare", "latest:coco@4", "latest"]).status == 2)
            let broken = folder.appendingPathComponent("broken.json")
            try Data("{}".utf8).write(to: broken)
            #expect(try runner.run(["gate", "--baseline", "broken.json"]).status == 5)
            let threshold = ["gate", "--baseline", "main", "--threshold", "vqa_accuracy"]
            #expect(try runner.run(threshold).status == 2)
            let fewer = Self.run("--store", "few.sqlite", "--seed", "7")
            #expect(try runner.run(fewer).status == 0)
            let gate = try runner.run([
                "gate", "--baseline", "results/baselines/main.json", "--store", "few.sqlite",
            ])
            #expect(gate.status == 7)
            #expect(gate.output.contains("1 of 1 runs of the baseline have no run"))
        }
    }
}
