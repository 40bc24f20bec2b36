import EvalCore
import Foundation
import LocalEngine
import TestSupport
import Testing

/// What is read and checked before the first request.
struct LocalEngineOpeningTests {
    private static let name = "b-f32-instruct"

    /// Runs `body` with a copy of a checkpoint that may be changed.
    private func withCopy(_ body: (URL) throws -> Void) throws {
        try withTemporaryDirectory { parent in
            let folder = parent.appendingPathComponent(Self.name)
            try FileManager.default.copyItem(
                atPath: GoldenCheckpoint(name: Self.name).folder,
                toPath: folder.path
            )
            try body(folder)
        }
    }

    private func replace(_ old: String, by new: String, in file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        try #require(text.contains(old))
        try text.replacingOccurrences(of: old, with: new)
            .write(to: file, atomically: true, encoding: .utf8)
    }

    @Test
    func provenanceIsKnownBeforeTheWeightsAre() throws {
        let path = GoldenCheckpoint(name: Self.name).folder
        for precision in EnginePrecision.allCases {
            let options = LocalEngineOptions(precision: precision, threads: 1)
            let before = try LocalEngine.provenance(path + "/", options: options)
            #expect(before == (try LocalEngine(path, options: options).provenance))
            #expect(before.model == Self.name)
            #expect(before.precision == precision.rawValue)
            #expect(!before.hasEndOfChunk)
        }
    }

    @Test(arguments: [
        (
            "config.json", "\"eos_token_id\": 2", "\"eos_token_id\": 3",
            \EngineProvenance.weightsDigest
        ),
        ("tokenizer.json", "\"version\"", " \"version\"", \.tokenizerDigest),
        ("preprocessor_config.json", "0.48145466", "0.48145467", \.processorDigest),
    ])
    func aChangedFileChangesItsDigest(
        file: String,
        old: String,
        new: String,
        digest: any KeyPath<EngineProvenance, String> & Sendable
    ) throws {
        try withCopy { folder in
            let before = try LocalEngine.provenance(folder.path)
            try replace(old, by: new, in: folder.appendingPathComponent(file))
            let after = try LocalEngine.provenance(folder.path)
            #expect(before[keyPath: digest] != after[keyPath: digest])
        }
    }

    @Test(arguments: [
        ("\"image_size\": 32", "\"image_size\": 30"),
        ("\"image_size\": 32", "\"image_size\": 0"),
        ("\"do_rescale\": true", "\"do_rescale\": false"),
        ("0.26862954", "0"),
        ("0.26862954,", ""),
        ("0.48145466", "\"x\""),
    ])
    func pixelSettingsThatCannotBeAreRefused(old: String, new: String) throws {
        try withCopy { folder in
            try replace(
                old,
                by: new,
                in: folder.appendingPathComponent("preprocessor_config.json")
            )
            let error = #expect(throws: LocalEngineError.self) {
                try LocalEngine.provenance(folder.path)
            }
            #expect(error?.kind == .checkpoint)
            #expect(error?.description.contains("preprocessor_config.json") == true)
        }
    }

    @Test(arguments: [("2", [Int32(2)]), ("[2, 576]", [2, 576]), ("null", [2])])
    func theCheckpointsOwnEndTokensAreTheDefault(value: String, tokens: [Int32]) throws {
        try withCopy { folder in
            try replace(
                "\"eos_token_id\": 2",
                by: "\"eos_token_id\": \(value)",
                in: folder.appendingPathComponent("generation_config.json")
            )
            let engine = try LocalEngine(folder.path, options: LocalEngineOptions(threads: 1))
            let golden = try #require(
                GoldenCheckpoint(name: Self.name).cases().cases["adjacent_images"]
            )
            let generation = try #require(
                engine.answer(golden.request(GenerationSettings(maxNewTokens: 8))).generation
            )
            let end = generation.tokens.firstIndex(where: tokens.contains)
            #expect(generation.tokens.count == end.map { $0 + 1 } ?? 8)
            #expect(generation.finish == (end == nil ? .length : .eos))
        }
    }

    @Test
    func weightsThatAreNotNumbersFailTheirRequests() throws {
        try withCopy { folder in
            let file = folder.appendingPathComponent("model.safetensors")
            var bytes = [UInt8](try Data(contentsOf: file))
            let header = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            // The larger part becomes NaN: whole layers, whatever the order of the tensors.
            for offset in stride(from: 8 + header + 400_000, to: bytes.count - 3, by: 4) {
                bytes.replaceSubrange(offset..<offset + 4, with: [0, 0, 0xC0, 0x7F])
            }
            try Data(bytes).write(to: file)
            let engine = try LocalEngine(folder.path, options: LocalEngineOptions(threads: 1))
            for beams in [1, 3] {
                let request = EngineRequest(
                    number: 0,
                    prompt: Prompt(
                        segments: [.markup("<s>Answer:"), .image(picture("ppal.png"))],
                        candidates: [[.text(" yes")]]
                    ),
                    generation: GenerationSettings(beams: beams)
                )
                #expect(try engine.failure(of: request)?.code == "logits_not_finite")
            }
        }
    }
}
