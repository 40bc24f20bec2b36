import Foundation
import StrictJSON
import TestSupport
import Testing

/// The model card's benchmarks through the command line, on the bundled demo.
struct CardCommandTests {
    @Test func theCardRunsInOneCommandAndAnswersAgain() throws {
        try withTemporaryDirectory { folder in
            let runner = CommandRunner(in: folder)
            let arguments = ["run", "card", "--shots", "0", "--limit", "3", "--json"]
            let first = try runner.run(arguments)
            #expect(first.status == 0, "\(first.errors)")
            let runs = try first.objects()
            #expect(runs.count == 18)
            #expect(runs.allSatisfy { $0["status"] == "done" })
            #expect(Set(runs.map { "\($0["task"] ?? .null)" }).count == 18)
            let again = try runner.run(arguments)
            #expect(again.output == first.output)
            #expect(again.status == first.status)
            let table = try runner.run(["table"])
            #expect(table.output.contains("| Winoground Group |"))
            #expect(table.output.contains("by race and gender"))
        }
    }

    @Test func severalRunsHaveALineEach() throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run([
                "run", "rendered_sst2", "imagenet", "--shots", "0,2", "--limit", "4",
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.lines.count == 5)
            #expect(result.lines[0].hasPrefix("[1/4] rendered_sst2 test, 0 shots: Acc. "))
            #expect(result.lines[3].hasPrefix("[4/4] imagenet val, 2 shots: Acc. "))
            #expect(result.lines[4].hasPrefix("next: idefics-eval samples "))
        }
    }

    @Test func predictionsOfLabelsAndScores() throws {
        try withTemporaryDirectory { folder in
            let runner = CommandRunner(in: folder)
            func score(_ task: String, _ text: String) throws -> (CommandResult, JSONObject) {
                let file = folder.appendingPathComponent("\(task).csv")
                try Data(text.utf8).write(to: file)
                let result = try runner.run([
                    "score", task, "--predictions", file.path, "--partial", "--json",
                ])
                return (result, try #require(try result.objects().first, "\(result.errors)"))
            }
            let pictures = ["negative", "positive"].flatMap { name -> [String] in
                let path = repositoryRoot.appendingPathComponent(
                    "demo/data/rendered-sst2/test/\(name)"
                )
                let files = (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? []
                return files.sorted().prefix(3).map { "\(name)/\($0),negative" }
            }
            let (labels, scored) = try score(
                "rendered_sst2",
                "id,label\n" + pictures.joined(separator: "\n") + "\n"
            )
            #expect(labels.status == 0)
            guard case .object(let metrics)? = scored["metrics"],
                case .object(let accuracy)? = metrics["accuracy"]
            else {
                Issue.record("no accuracy in \(labels.output)")
                return
            }
            #expect(accuracy["value"] == 0.5)
            #expect(metrics.keys == ["accuracy"])
        }
    }

    @Test(arguments: [
        (["run", "crad"], "did you mean \"card\"?"),
        (["run", "card", "vqav2"], "named twice"),
        (["run", "vqav2", "--shots", "2,2"], "names 2 twice"),
        (["run", "vqav2", "--limit", "-1"], "-1"),
        (["run", "winoground", "--shots", "4"], "has no shots"),
    ])
    func mistakesSayWhatIsWrong(arguments: [String], message: String) throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run(arguments)
            #expect(result.status == 2)
            #expect(result.errors.contains(message), "\(result.errors)")
        }
    }
}
