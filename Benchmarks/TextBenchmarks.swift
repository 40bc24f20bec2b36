import EvalCore
import Foundation
import Tasks
import Tokenizers

/// Bytes of text per second on one core: annotation files through the adapter, and the tokenizer.
struct TextBenchmarks {
    let inputs: Inputs
    let effort: Effort
    let printer: ResultPrinter

    /// Prints the rates.
    func run() throws {
        printer.section("Text, 1 thread")
        try withTemporaryFolder(annotations)
        try tokenizer()
    }

    private func annotations(_ folder: URL) throws {
        let data = GeneratedVQA(task: inputs.task, source: inputs.data, folder: folder)
        let file = try data.write(
            "val2014",
            count: effort.size(100_000, smoke: 100),
            withPictures: false
        )
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        let bytes = (attributes[.size] as? NSNumber)?.doubleValue ?? 0
        try scan("VQAv2 annotations, plain", file, bytes)
        guard try Self.run("/usr/bin/env", ["gzip", "-k", file.path]) == 0 else {
            return printer.row(
                Row(name: "VQAv2 annotations, gzip", value: "not measured", against: "gzip failed")
            )
        }
        try scan("VQAv2 annotations, gzip", file.appendingPathExtension("gz"), bytes)
    }

    /// Ends of a command; its output is thrown away.
    private static func run(_ path: String, _ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func scan(_ name: String, _ file: URL, _ bytes: Double) throws {
        let time = try Measurement(effort) {
            _ = try DatasetReader.references(file.path, task: inputs.task)
        }
        let rate = bytes / time.median / 1e6
        printer.row(
            Row(
                name: "\(name), \(fixed(bytes / 1e6)) MB of JSON",
                value: "\(fixed(rate, 0)) MB/s, fastest repetition "
                    + "\(fixed(bytes / time.best / 1e6, 0))",
                against: Aim.atLeast(300).verdict(on: rate, "MB/s")
            )
        )
    }

    private func tokenizer() throws {
        let path = inputs.tokenizerCheckpoint.appendingPathComponent("tokenizer.json").path
        let tokenizer = try Tokenizer(path: path)
        let questions = try questions()
        let prompts = stride(from: 0, to: effort.size(8_000, smoke: 80), by: 8).map { start in
            (start..<start + 8).map { questions[$0 % questions.count] }.joined(separator: "\n")
        }
        rate("tokenizer, prompts of 8 questions", prompts, tokenizer)
        rate("tokenizer, the same as one text", [prompts.joined(separator: "\n")], tokenizer)
    }

    private func questions() throws -> [String] {
        let reader = DatasetReader(task: inputs.task, root: inputs.data.path)
        let samples = try reader.split("train2014", seed: 0).samples
        return (0..<samples.count).compactMap { samples.sample(at: $0).fields["question"] }
    }

    private func rate(_ name: String, _ texts: [String], _ tokenizer: Tokenizer) {
        let bytes = Double(texts.reduce(0) { $0 + $1.utf8.count })
        var tokenCount = 0
        let time = Measurement(effort) {
            tokenCount = texts.reduce(0) { $0 + tokenizer.encode([.text($1)]).count }
        }
        let rate = bytes / time.median / 1e6
        printer.row(
            Row(
                name: "\(name), \(fixed(bytes / 1e6, 2)) MB",
                value: "\(fixed(rate)) MB/s, \(fixed(Double(tokenCount) / time.median / 1e6, 2)) "
                    + "M tokens/s",
                against: Aim.atLeast(1).verdict(on: rate, "MB/s")
            )
        )
    }
}
