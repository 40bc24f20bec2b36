import Foundation
import StrictJSON
import TestSupport
import Testing

struct RescoreCommandTests {
    /// A task file of our own, whose list of metrics may change between commands.
    private func write(_ metrics: [String], to bench: CommandBench) throws {
        let folder = bench.folder.appendingPathComponent("own", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = repositoryRoot.appendingPathComponent("tasks/vqav2.yaml")
        let lines = try String(contentsOf: source, encoding: .utf8)
            .replacing("task: vqav2", with: "task: ownvqa")
            .split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.filter { line in
            guard line.contains("vqa_accuracy") else { return true }
            return metrics.contains { line.contains("\($0):") || line.hasSuffix($0) }
        }
        try Data(kept.joined(separator: "\n").utf8)
            .write(to: folder.appendingPathComponent("ownvqa.yaml"))
    }

    @Test func aMetricThatTheTaskGainedIsAddedAndTheRestKept() throws {
        try CommandBench.with { bench in
            try write(["vqa_accuracy"], to: bench)
            let run = try bench.run(
                "run",
                "ownvqa",
                "--tasks",
                "own",
                "--shots",
                "2",
                "--json"
            )
            #expect(run.status == 0, "\(run.errors)")
            let before = try #require(try run.objects().first)
            try write(["vqa_accuracy", "vqa_accuracy_official"], to: bench)
            // Neither model nor pictures are looked at.
            try FileManager.default.removeItem(at: bench.file("coco"))
            let scored = try bench.run("score", "--run", "latest", "--tasks", "own", "--json")
            #expect(scored.status == 0, "\(scored.errors)")
            #expect(scored.errors.contains("is not the task file of the run"))
            let result = try #require(try scored.objects().first)
            #expect(result["stored"] == ["vqa_accuracy_official"])
            guard case .object(let metrics)? = result["metrics"],
                case .object(let old)? = metrics["vqa_accuracy"],
                case .object(let stored)? = before["metrics"],
                case .object(let first)? = stored["vqa_accuracy"]
            else { return #expect(Bool(false)) }
            #expect(old["standing"] == "unchanged")
            #expect(old["value"] == first["value"] && old["ci"] == first["ci"])

            let samples = try bench.runner.run(["samples", "latest", "--json"]).objects()
            guard case .object(let scores)? = samples[0]["scores"] else {
                return #expect(Bool(false))
            }
            #expect(scores.keys == ["vqa_accuracy", "vqa_accuracy_official"])
            let text = try bench.run("score", "--run", "latest", "--tasks", "own")
            #expect(text.status == 0)
            #expect(text.output.contains("nothing new"))
        }
    }

    @Test func otherDataAndUnfinishedRequestsAreRefused() throws {
        try CommandBench.with { bench in
            try bench.runner.run(bench.runArguments)
            let other = try bench.run("score", "--run", "latest", data: false)
            #expect(other.status == 5, "\(other.errors)")
            #expect(other.errors.contains("--data"))
            #expect(try bench.run("score", "--run", "nope").status == 2)
            #expect(try bench.run("score", "vqav2", "--run", "latest").status == 2)
            #expect(try bench.run("score").status == 2)
        }
    }

    @Test func logLikelihoodsOfCandidatesAreScoredAgain() throws {
        try CommandBench.with { bench in
            let run = try bench.runner.run(["run", "hatefulmemes", "--limit", "12", "--json"])
            #expect(run.status == 0, "\(run.errors)")
            let scored = try bench.runner.run(["score", "--run", "latest"])
            #expect(scored.status == 0, "\(scored.errors)")
            #expect(scored.output.contains("roc_auc"))
            #expect(scored.output.contains("unchanged"))
            #expect(!scored.output.contains("different"))
        }
    }
}
