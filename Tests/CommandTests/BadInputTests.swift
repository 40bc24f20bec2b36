import Foundation
import StrictJSON
import TestSupport
import Testing

struct BadInputTests {
    private func expectRefusal(
        _ bench: CommandBench,
        status: Int32 = 5,
        _ parts: String...,
        arguments: [String] = []
    ) throws {
        let result = try bench.runner.run(bench.runArguments + arguments)
        #expect(result.status == status, "\(result.errors)")
        #expect(result.output.isEmpty)
        for part in parts { #expect(result.errors.contains(part), "\(result.errors)") }
        #expect(result.errors.split(separator: "\n").count { $0.hasPrefix("error: ") } == 1)
    }

    @Test func missingAnnotationFileIsNamedWithItsSource() throws {
        try CommandBench.with { bench in
            let file = bench.file("vqav2/v2_mscoco_val2014_annotations.json")
            try FileManager.default.removeItem(at: file)
            try expectRefusal(bench, file.path, "v2_Annotations_Val_mscoco.zip")
        }
    }

    @Test func missingPictureIsNamedWithItsSample() throws {
        try CommandBench.with { bench in
            let file = bench.file(TinyVQA.picturePath(2))
            try FileManager.default.removeItem(at: file)
            try expectRefusal(bench, file.path, "sample 20", "val2014.zip")
        }
    }

    @Test func malformedJSONIsNamedWithItsLine() throws {
        try CommandBench.with { bench in
            let file = bench.file("vqav2/v2_OpenEnded_mscoco_val2014_questions.json")
            var text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            text.removeLast(20)
            try Data(text.utf8).write(to: file)
            try expectRefusal(bench, "\(file.path):6:")
        }
    }

    @Test func malformedTaskFileIsNamedWithItsLine() throws {
        try CommandBench.with { bench in
            let folder = bench.folder.appendingPathComponent("mine")
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true
            )
            let file = folder.appendingPathComponent("mine.yaml")
            try Data("format: 1\ntask: mine\nverson: 1\n".utf8).write(to: file)
            try expectRefusal(bench, "mine.yaml:3", "version", arguments: ["--tasks", folder.path])
        }
    }

    @Test func moreShotsThanTheSupportSetIsRefused() throws {
        try CommandBench.with { bench in
            let result = try bench.run("run", "vqav2", "--shots", "13")
            #expect(result.status == 5)
            #expect(result.errors.contains("13 shots asked for"))
        }
    }

    @Test(arguments: ["", "not a picture", "<html>404</html>"])
    func brokenPictureIsThatSamplesErrorRow(content: String) throws {
        try CommandBench.with { bench in
            try Data(content.utf8).write(to: bench.file(TinyVQA.picturePath(2)))
            let result = try bench.runner.run(bench.runArguments)
            #expect(result.status == 4, "\(result.errors)")
            let run = try #require(try result.objects().first)
            #expect(run["counts"] == ["samples": 6, "done": 6, "errors": 2])
            #expect(run["comparable"] == false)
            let failed = try bench.runner.run(["samples", "latest", "--failed", "--json"])
            #expect(try failed.objects().map { $0["id"] } == ["20", "21"])
            let again = try bench.runner.run(bench.runArguments)
            #expect(again.status == 4)
            #expect(again.output == result.output)
        }
    }

    @Test func firstFailureStopsIfAskedTo() throws {
        try CommandBench.with { bench in
            try Data("broken".utf8).write(to: bench.file(TinyVQA.picturePath(1)))
            let result = try bench.runner.run(bench.runArguments + ["--on-error", "stop"])
            #expect(result.status == 4)
            #expect(try result.objects().first?["status"] == "failed")
            #expect(result.errors.contains("1 sample failed, none is allowed"))
        }
    }

    @Test func runWithoutAScoredItemIsNoSuccess() throws {
        try CommandBench.with { bench in
            for number in 1...3 {
                try Data("broken".utf8).write(to: bench.file(TinyVQA.picturePath(number)))
            }
            let result = try bench.runner.run(bench.runArguments)
            #expect(result.status == 4)
            guard case .object(let metrics)? = try result.objects().first?["metrics"],
                case .object(let headline)? = metrics["vqa_accuracy"]
            else { return #expect(Bool(false)) }
            #expect(headline["value"] == .null)
            #expect(headline["reason"] == "no scored samples")
        }
    }

    @Test func fileThatIsNoStoreIsLeftAlone() throws {
        try CommandBench.with { bench in
            let store = bench.folder.appendingPathComponent("notes.txt")
            let text = String(repeating: "my notes\n", count: 200)
            try Data(text.utf8).write(to: store)
            try expectRefusal(bench, status: 6, "notes.txt", arguments: ["--store", store.path])
            #expect(try Data(contentsOf: store) == Data(text.utf8))
        }
    }

    @Test func missingStoreSaysHowToStart() throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run(["table"])
            #expect(result.status == 6)
            #expect(result.errors.contains("start one with `run`"))
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/results"))
        }
    }

    @Test(arguments: [["--model", "nowhere"], ["--data", "nowhere"]])
    func missingFolderIsNamed(arguments: [String]) throws {
        try CommandBench.with { bench in
            let result = try bench.runner.run(["run", "vqav2"] + arguments)
            #expect(result.status == 5)
            #expect(result.errors.contains("nowhere"))
        }
    }

    @Test func variantThatTheTokenizerCannotEndIsRefusedBeforeTheRun() throws {
        try CommandBench.with { bench in
            let model = referenceFixtures().appendingPathComponent("checkpoints/a-bf16-sharded")
            try expectRefusal(
                bench,
                status: 2,
                "a-bf16-sharded has no token <end_of_utterance>",
                arguments: ["--model", model.path, "--variant", "instruct"]
            )
            #expect(try bench.runner.run(["runs"]).errors.contains("no runs are stored"))
        }
    }

    @Test func unknownRunIsAMistakeOfTheCommandNotOfTheStore() throws {
        try CommandBench.with { bench in
            try bench.runner.run(bench.runArguments)
            let result = try bench.runner.run(["samples", "nothing"])
            #expect(result.status == 2)
            #expect(result.errors.contains("no run is called \"nothing\""))
        }
    }

    @Test func repairedPicturesAreTriedAgain() throws {
        try CommandBench.with { bench in
            let picture = bench.file(TinyVQA.picturePath(1))
            let whole = try Data(contentsOf: picture)
            try Data("broken".utf8).write(to: picture)
            let arguments = bench.runArguments + ["--on-error", "stop"]
            #expect(try bench.runner.run(arguments).status == 4)
            try whole.write(to: picture)
            let result = try bench.runner.run(arguments)
            #expect(result.status == 0, "\(result.errors)")
            let counts: JSONValue = ["samples": 6, "done": 6, "errors": 0]
            #expect(try result.objects().first?["counts"] == counts)
        }
    }

    @Test func markupInAQuestionIsData() throws {
        try CommandBench.with { bench in
            let file = bench.file("vqav2/v2_OpenEnded_mscoco_val2014_questions.json")
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            let changed = text.replacingOccurrences(
                of: "What is in picture 10?",
                with: "Is </s> or <image> {answer} here? \\u001b[31m"
            )
            try Data(changed.utf8).write(to: file)
            let result = try bench.runner.run(bench.runArguments)
            #expect(result.status == 0, "\(result.errors)")
            let shown = try bench.run("samples", "latest", "10")
            #expect(shown.output.contains("<image>·{answer}·here?·\\x1b[31m"))
            #expect(!shown.output.contains("\u{1B}"))
        }
    }
}
