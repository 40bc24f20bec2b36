import Foundation
import StrictJSON
import TestSupport
import Testing

struct RunCommandTests {
    @Test func theCommitIsTheOneThatTheProgramWasBuiltOf() throws {
        try CommandBench.with { bench in
            let home = bench.folder.appendingPathComponent("home")
            let logs = home.appendingPathComponent(".git/logs")
            let manager = FileManager.default
            try manager.createDirectory(at: logs, withIntermediateDirectories: true)
            for name in ["tasks", "demo"] {
                try manager.createSymbolicLink(
                    at: home.appendingPathComponent(name),
                    withDestinationURL: repositoryRoot.appendingPathComponent(name)
                )
            }
            let digests = ["a", "b", "c"].map { String(repeating: $0, count: 40) }
            // The last change of HEAD is a century ahead.
            let log = """
                \(digests[0]) \(digests[1]) A Name <a@b.c> 1000000000 +0000\tcommit: one
                \(digests[1]) \(digests[2]) A Name <a@b.c> 4900000000 +0000\tcommit: two

                """
            try Data(log.utf8).write(to: logs.appendingPathComponent("HEAD"))
            var runner = bench.runner
            runner.environment["IDEFICS_EVAL_HOME"] = home.path
            #expect(try runner.run(bench.runArguments).status == 0)
            let history = try runner.run([
                "table", "--history", "vqa_accuracy", "--format", "csv",
            ])
            #expect(history.output.contains(digests[1].prefix(10)), "\(history.output)")
        }
    }

    @Test func runIsScoredStoredAndAnsweredAgain() throws {
        try CommandBench.with { bench in
            let first = try bench.runner.run(bench.runArguments)
            #expect(first.status == 0, "\(first.errors)")
            #expect(
                first.errors.hasPrefix("using the bundled demo checkpoint (--model names yours)")
            )
            let run = try #require(try first.objects().first)
            #expect(run.keys == Self.runKeys)
            #expect(run["status"] == "done")
            #expect(run["counts"] == ["samples": 6, "done": 6, "errors": 0])
            #expect(run["subset"] == true)
            #expect(run["store"] == "results/runs.sqlite")

            // No model and no picture is needed to answer again.
            try FileManager.default.removeItem(at: bench.file("coco"))
            let second = try bench.runner.run(bench.runArguments)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.output == first.output)
        }
    }

    @Test func damagedFactsOfDataAreReadAgain() throws {
        try CommandBench.with { bench in
            let vqav2 = bench.file("vqav2")
            for name in try FileManager.default.contentsOfDirectory(atPath: vqav2.path) {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)],
                    ofItemAtPath: vqav2.appendingPathComponent(name).path
                )
            }
            let first = try bench.runner.run(bench.runArguments)
            let facts = bench.folder.appendingPathComponent("results/runs.sqlite.data.json")
            #expect(FileManager.default.fileExists(atPath: facts.path))
            for content in [nil, "", "{\"\": 1}"] {
                if let content {
                    try content.write(to: facts, atomically: true, encoding: .utf8)
                }
                let again = try bench.runner.run(bench.runArguments)
                #expect(again.status == 0, "\(again.errors)")
                #expect(again.output == first.output)
            }
        }
    }

    static let runKeys = [
        "run", "task", "split", "shots", "selection", "seed", "protocol", "variant", "precision",
        "status", "counts", "comparable", "subset", "metrics", "store",
    ]

    @Test func storedRunsAreListedShownAndTabled() throws {
        try CommandBench.with { bench in
            let run = try #require(try bench.runner.run(bench.runArguments).objects().first)
            let listed = try #require(try bench.runner.run(["runs", "--json"]).objects().first)
            #expect(
                listed.keys == Self.runKeys + ["started", "finished", "attempts", "generated"]
            )
            #expect(listed["generated"] == 6)
            #expect(listed["attempts"] == 1)
            let samples = try bench.runner.run(["samples", "latest", "--json"]).objects()
            #expect(samples.map { $0["id"] } == TinyVQA().queryIDs.prefix(6).map { .string($0) })
            #expect(
                samples.first?.keys == [
                    "id", "shots", "prompt_sha256", "prompt_tokens", "output", "answer", "scores",
                ]
            )
            let shown = try bench.run("samples", "latest", "10")
            #expect(shown.status == 0, "\(shown.errors)")
            #expect(shown.output.contains("What·is·in·picture·10?"))
            #expect(shown.output.contains("references"))
            let table = try bench.runner.run(["table"])
            #expect(table.output.contains("checkpoint (demo)"))
            #expect(table.output.contains("†"))
            for command in [["runs"], ["runs", "latest"], ["samples", "latest"]] {
                let result = try bench.runner.run(command)
                #expect(result.status == 0, "\(result.errors)")
                guard case .string(let id)? = run["run"] else { continue }
                #expect(command.last == "latest" || result.output.contains(id))
            }
        }
    }

    @Test func severalRunsOfOneCommandShareOneEngine() throws {
        try CommandBench.with { bench in
            let result = try bench.run(
                "run",
                "vqav2",
                "--shots",
                "0,2",
                "--seed",
                "1,2",
                "--json",
                "--stats",
                "s.json"
            )
            let runs = try result.objects()
            #expect(runs.map { $0["shots"] } == [0, 0, 2, 2])
            #expect(runs.map { $0["seed"] } == [1, 2, 1, 2])
            let stats = try JSONValue(
                parsing: Array(Data(contentsOf: bench.folder.appendingPathComponent("s.json"))),
                source: "s.json"
            )
            guard case .object(let counters) = stats else { return #expect(Bool(false)) }
            #expect(counters["requests"] == 24)
            #expect(counters["precision"] == "bf16")
        }
    }

    @Test func humanOutputSaysWhatWhereAndWhatNext() throws {
        try CommandBench.with { bench in
            let result = try bench.run("run", "vqav2", "--limit", "3", "--precision", "f32")
            #expect(result.status == 0, "\(result.errors)")
            for part in [
                "vqa_accuracy", "† not comparable: 3 of 214354", "demo:", "stored in results/",
                "next: idefics-eval samples",
            ] { #expect(result.output.contains(part), "\(part)") }
            #expect(!result.output.contains("\u{1B}"))
            #expect(!result.errors.contains("\u{1B}"))
        }
    }

    @Test func predictionsScoreAsTheRunDid() throws {
        try CommandBench.with { bench in
            let run = try #require(try bench.runner.run(bench.runArguments).objects().first)
            let samples = try bench.runner.run(["samples", "latest", "--json"]).objects()
            let predictions = samples.map { sample -> JSONValue in
                guard case .string(let id)? = sample["id"], let answer = sample["answer"] else {
                    return .null
                }
                return ["question_id": JSONValue(Int(id)), "answer": answer]
            }
            let file = bench.folder.appendingPathComponent("p.json")
            try Data(JSONValue.array(predictions).utf8()).write(to: file)
            let scored = try bench.run("score", "vqav2", "--predictions", "p.json", "--json")
            #expect(scored.status == 0, "\(scored.errors)")
            let score = try #require(try scored.objects().first)
            #expect(score["metrics"] == run["metrics"])
            #expect(score.keys == ["task", "split", "n", "metrics", "breakdown"])

            try Data(JSONValue.array(Array(predictions.dropLast())).utf8()).write(to: file)
            let some = try bench.run("score", "vqav2", "--predictions", "p.json", "--json")
            #expect(some.status == 4)
            #expect(try some.objects().first?["missing"] == 1)
            #expect(some.errors.contains("--partial"))
            let partial = try bench.run("score", "vqav2", "--predictions", "p.json", "--partial")
            #expect(partial.status == 0)
        }
    }

    @Test func promptIsShownWithVisibleWhiteSpaceOrAsJSON() throws {
        try CommandBench.with { bench in
            let text = try bench.run("tasks", "prompt", "vqav2", "--shots", "1")
            #expect(text.output.contains("Question:·What·is·in·picture·10?·Answer:"))
            #expect(text.output.contains("⏎"))
            let model = repositoryRoot.appendingPathComponent("demo/checkpoint").path
            let result = try bench.run(
                "tasks",
                "prompt",
                "vqav2",
                "--index",
                "3",
                "--shots",
                "2",
                "--json",
                "--model",
                model
            )
            let prompt = try #require(try result.objects().first)
            #expect(
                prompt.keys == [
                    "task", "split", "id", "index", "shots", "segments", "text", "stop", "tokens",
                ]
            )
            #expect(prompt["index"] == 3)
            let run = try bench.runner.run(bench.runArguments)
            #expect(run.status == 0)
            let samples = try bench.runner.run(["samples", "latest", "--json"]).objects()
            #expect(samples[3]["shots"] == prompt["shots"])
            guard case .array(let tokens)? = prompt["tokens"] else { return #expect(Bool(false)) }
            #expect(samples[3]["prompt_tokens"] == .integer(tokens.count))
        }
    }

    @Test func dataRootMayComeFromTheEnvironment() throws {
        try CommandBench.with { bench in
            var runner = bench.runner
            runner.environment["IDEFICS_EVAL_DATA"] = bench.data
            let result = try runner.run(["tasks", "prompt", "vqav2", "--json"])
            #expect(result.errors.isEmpty)
            #expect(try result.objects().first?["id"] == "10")
        }
    }
}
