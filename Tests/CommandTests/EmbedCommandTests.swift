import Foundation
import StrictJSON
import TestSupport
import Testing

struct EmbedCommandTests {
    private static let demo = repositoryRoot.appendingPathComponent("demo")

    /// A runner in an empty folder with a list of demo pictures, and their number.
    private func withList(
        _ count: Int = 6,
        _ body: (CommandRunner, URL) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            let train = Self.demo.appendingPathComponent("data/imagenet/train")
            let pictures = try FileManager.default.subpathsOfDirectory(atPath: train.path)
                .filter { $0.hasSuffix(".JPEG") }.sorted().prefix(count)
                .map { train.appendingPathComponent($0).path }
            try pictures.joined(separator: "\n").write(
                to: folder.appendingPathComponent("list.txt"),
                atomically: true,
                encoding: .utf8
            )
            try body(CommandRunner(in: folder), folder)
        }
    }

    private static let arguments = [
        "embed", "--images", "list.txt", "--output", "out.safetensors", "--json",
    ]

    @Test func picturesAreEmbeddedOnceInTheOrderOfTheList() throws {
        try withList { runner, folder in
            let first = try runner.run(Self.arguments)
            #expect(first.status == 0, "\(first.errors)")
            let object = try #require(try first.objects().first)
            #expect(object["count"] == 6 && object["width"] == 96)
            #expect(object["encoded"] == 6 && object["cached"] == 0)
            let file = folder.appendingPathComponent("out.safetensors")
            let bytes = try Data(contentsOf: file)
            let second = try runner.run(Self.arguments)
            #expect(try #require(try second.objects().first)["cached"] == 6)
            #expect(try Data(contentsOf: file) == bytes)
        }
    }

    @Test func textsAreEmbedded() throws {
        try withList { runner, folder in
            try "a red circle\r\n\ntwo squares".write(
                to: folder.appendingPathComponent("texts.txt"),
                atomically: true,
                encoding: .utf8
            )
            let result = try runner.run([
                "embed", "--texts", "texts.txt", "--output", "t.safetensors",
            ])
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("t.safetensors: embeddings [2, 96] f32 by clip"))
        }
    }

    @Test func unreadablePicturesAreNamedByLineAndTheOthersKept() throws {
        try withList { runner, folder in
            try Data("no picture".utf8).write(to: folder.appendingPathComponent("broken.png"))
            let list = folder.appendingPathComponent("list.txt")
            let paths = try String(contentsOf: list, encoding: .utf8)
            try "broken.png\n\(paths)".write(to: list, atomically: true, encoding: .utf8)
            let result = try runner.run(Self.arguments)
            #expect(result.status == 5)
            #expect(result.errors.contains("list.txt:1: "))
            #expect(result.errors.contains("1 of 7 pictures cannot be embedded"))
            let output = folder.appendingPathComponent("out.safetensors").path
            #expect(!FileManager.default.fileExists(atPath: output))
            try paths.write(to: list, atomically: true, encoding: .utf8)
            let again = try runner.run(Self.arguments)
            #expect(try #require(try again.objects().first)["cached"] == 6)
        }
    }

    @Test func missingPicturesAreFoundBeforeAnythingIsEmbedded() throws {
        try withList { runner, folder in
            try "a.png\nb.png".write(
                to: folder.appendingPathComponent("list.txt"),
                atomically: true,
                encoding: .utf8
            )
            let result = try runner.run(Self.arguments)
            #expect(result.status == 5)
            #expect(
                result.errors.contains("2 of 2 pictures cannot be opened, the first is list.txt:1")
            )
        }
    }

    @Test func otherFilesAreNotReplaced() throws {
        try withList { runner, folder in
            let output = folder.appendingPathComponent("out.safetensors")
            try Data("mine".utf8).write(to: output)
            let result = try runner.run(Self.arguments)
            #expect(result.status == 5)
            #expect(result.errors.contains("is not replaced"))
            #expect(try Data(contentsOf: output) == Data("mine".utf8))
        }
    }

    @Test func embeddingsOfAnotherEncoderAreNotReplaced() throws {
        try withList { runner, folder in
            let clip = referenceFixtures().appendingPathComponent("clip/clip-openai-like").path
            #expect(try runner.run(Self.arguments + ["--model", clip]).status == 0)
            let result = try runner.run(Self.arguments)
            #expect(result.status == 5)
            #expect(result.errors.contains("clip-openai-like ("))
            #expect(result.errors.contains("width 24"))
            #expect(result.errors.contains("width 96"))
        }
    }

    @Test(arguments: [
        (["--images", "list.txt", "--texts", "list.txt"], 2, "name one list"),
        ([], 2, "name one list"),
        (["--images", "none.txt"], 5, "none.txt"),
        (["--images", "list.txt", "--model", "none"], 5, "none: no such folder"),
        (["--images", "list.txt", "--output", "none/out.safetensors"], 2, "no folder"),
        (["--images", "list.txt", "--cache", "list.txt"], 5, "embeddings cannot be kept"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ status: Int32, _ expected: String) throws {
        try withList(1) { runner, _ in
            let output = arguments.contains("--output") ? [] : ["--output", "o.safetensors"]
            let result = try runner.run(["embed"] + arguments + output)
            #expect(result.status == status, "\(result.errors)")
            #expect(result.errors.contains(expected), "\(result.errors)")
        }
    }

    @Test func killedWorkGoesOnWhereItWas() throws {
        try withList(288) { runner, _ in
            var starts = 0
            while starts < 20 {
                starts += 1
                let command = try runner.start(Self.arguments)
                Thread.sleep(forTimeInterval: 0.05 * Double(starts))
                guard command.isRunning else { break }
                kill(command.processID, SIGKILL)
                _ = command.wait()
            }
            let whole = try runner.run(Self.arguments)
            #expect(whole.status == 0, "\(whole.errors)")
            let again = try runner.run(Self.arguments)
            #expect(try #require(try again.objects().first)["cached"] == 288)
        }
    }
}
