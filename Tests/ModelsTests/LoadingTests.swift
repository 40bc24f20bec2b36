import Checkpoints
import Foundation
import Models
import StrictJSON
import Synchronization
import Tensors
import TestSupport
import Testing

/// A checkpoint whose weights are not what its configuration says is refused while loading.
@Suite struct LoadingTests {
    /// Another value of each of these needs tensors of other shapes, or other tensors.
    static let dimensions: [(key: String, other: JSONValue)] = [
        ("vocab_size", 999), ("additional_vocab_size", 3), ("hidden_size", 96),
        ("intermediate_size", 81), ("num_hidden_layers", 8), ("cross_layer_interval", 1),
        ("alpha_type", "vector"), ("qk_layer_norms", true), ("use_resampler", false),
    ]

    @Test(arguments: dimensions.map(\.key))
    func aConfigurationOfAnotherModelIsRefused(_ key: String) throws {
        let other = try #require(Self.dimensions.first { $0.key == key }?.other)
        let name = key == "qk_layer_norms" ? "c-f32-noresampler" : "a-bf16-sharded"
        let source = ReferenceCheckpoint.path(name)
        try withTemporaryDirectory { parent in
            let folder = parent.appendingPathComponent("checkpoint")
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: source),
                to: folder
            )
            let file = folder.appendingPathComponent("config.json")
            let bytes = [UInt8](try Data(contentsOf: file))
            guard case .object(var root) = try JSONValue(parsing: bytes, source: "") else { return }
            root[key] = other
            try Data(JSONValue.object(root).utf8()).write(to: file)
            if key == "use_resampler" {
                // Loads: the resampler's weights are leftovers then.
                #expect(try load(folder.path) == nil)
            } else {
                let error = try #require(try load(folder.path))
                #expect([.missingTensor, .wrongShape].contains(error.code), "\(error)")
            }
        }
    }

    @Test func progressCountsEveryBlock() throws {
        let steps = Mutex<[[Int]]>([])
        let folder = try CheckpointFolder(ReferenceCheckpoint.path("a-bf16-sharded"))
        let backend = try CPUBackend(precision: .f32, threads: 1)
        _ = try IdeficsModel(folder, backend: backend) { done, total in
            steps.withLock { $0.append([done, total]) }
        }
        // 3 vision layers, 2 resampler blocks, 2 cross layers, 4 decoder layers.
        #expect(steps.withLock { $0 } == (0...11).map { [$0, 11] })
    }

    @Test func endTokensComeFromTheGenerationConfigurationFirst() throws {
        try withTemporaryDirectory { parent in
            let folder = parent.appendingPathComponent("checkpoint")
            try FileManager.default.copyItem(
                at: URL(fileURLWithPath: ReferenceCheckpoint.path("b-f32-instruct")),
                to: folder
            )
            let file = folder.appendingPathComponent("generation_config.json")
            let cases: [(String, [Int32])] = [
                ("{\"eos_token_id\": [2, 1002]}", [2, 1002]), ("{\"eos_token_id\": 5}", [5]),
                ("{}", [2]), ("{\"eos_token_id\": null}", [2]),
            ]
            for (text, expected) in cases {
                try Data(text.utf8).write(to: file)
                let opened = try CheckpointFolder(folder.path)
                let configuration = try IdeficsConfiguration(opened.configuration)
                #expect(try GenerationDefaults(opened, configuration).endTokens == expected)
            }
            try Data("{\"eos_token_id\": 1003}".utf8).write(to: file)
            let opened = try CheckpointFolder(folder.path)
            let configuration = try IdeficsConfiguration(opened.configuration)
            #expect(throws: CheckpointError.self) {
                try GenerationDefaults(opened, configuration)
            }
        }
    }

    private func load(_ path: String) throws -> CheckpointError? {
        do {
            _ = try IdeficsModel(
                CheckpointFolder(path),
                backend: CPUBackend(precision: .f32, threads: 1)
            )
            return nil
        } catch let error as CheckpointError { return error }
    }
}
