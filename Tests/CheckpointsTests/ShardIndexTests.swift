import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct ShardIndexTests {
    private static let first = "model-00001-of-00010.safetensors"
    private static let second = "model-00002-of-00010.safetensors"

    private func error(
        _ damage: (CheckpointCopy) throws -> Void
    ) throws -> CheckpointError? {
        try openingError(of: CheckpointCopy.sharded, damage)
    }

    @Test(arguments: [
        "../model.safetensors", "/tmp/model.safetensors", "sub/model.safetensors", "..", ".", "",
        "config.json", "model.bin", "model\\u0000.safetensors",
    ])
    func onlyPlainNamesOfTheFolderAreOpened(_ name: String) throws {
        let error = try error {
            try $0.replace("\"\(Self.first)\"", by: "\"\(name)\"", in: CheckpointCopy.index)
        }
        #expect(error?.code == .invalidIndex)
        #expect(error?.description.contains(CheckpointCopy.index) == true)
    }

    @Test func aNameThatOnlyContainsPointsIsPlain() throws {
        let error = try error { copy in
            try FileManager.default.moveItem(
                at: copy.file(Self.first),
                to: copy.file("..model.safetensors")
            )
            try copy.replace(Self.first, by: "..model.safetensors", in: CheckpointCopy.index)
        }
        #expect(error == nil)
    }

    @Test func aMissingShardIsNamed() throws {
        let error = try error { try $0.remove(Self.second) }
        #expect(error?.code == .missingFile)
        #expect(error?.description.contains(Self.second) == true)
        #expect(error?.description.contains(CheckpointCopy.index) == true)
    }

    @Test(arguments: [1, 100, 60_000])
    func aTruncatedShardIsNamed(_ count: Int) throws {
        let error = try error { try $0.truncate(Self.second, by: count) }
        #expect(error?.code == .invalidWeights)
        #expect(error?.description.contains(Self.second) == true)
    }

    @Test func aZeroByteShardIsNamed() throws {
        let error = try error { try $0.write("", to: Self.second) }
        #expect(error?.code == .invalidWeights)
        #expect(error?.description.contains(Self.second) == true)
    }

    @Test func aTensorInTwoShardsIsRefused() throws {
        let error = try error { copy in
            try FileManager.default.copyItem(
                at: copy.file(Self.first),
                to: copy.file("extra.safetensors")
            )
            try copy.replace(
                "\"weight_map\": {",
                by: "\"weight_map\": {\n\"other\": \"extra.safetensors\",",
                in: CheckpointCopy.index
            )
        }
        #expect(error?.code == .duplicateTensor)
        #expect(error?.description.contains("model.embed_tokens.weight") == true)
        #expect(error?.description.contains("extra.safetensors") == true)
    }

    @Test func anIndexThatNamesTheWrongShardIsRefused() throws {
        let error = try error {
            try $0.replace(
                "\"lm_head.weight\": \"model-00009-of-00010.safetensors\"",
                by: "\"lm_head.weight\": \"model-00010-of-00010.safetensors\"",
                in: CheckpointCopy.index
            )
        }
        #expect(error?.code == .invalidIndex)
        #expect(error?.description.contains("model-00010-of-00010.safetensors") == true)
        #expect(error?.description.contains("lm_head.weight") == true)
    }

    @Test func anIndexThatNamesATensorOfNoShardIsRefused() throws {
        let error = try error {
            try $0.replace(
                "\"weight_map\": {",
                by: "\"weight_map\": {\n\"ghost\": \"\(Self.first)\",",
                in: CheckpointCopy.index
            )
        }
        #expect(error?.code == .invalidIndex)
        #expect(error?.description.contains("ghost") == true)
    }

    @Test(arguments: [
        "", "{", "[]", "{}", "{\"weight_map\": null}", "{\"weight_map\": []}",
        "{\"weight_map\": {\"a\": 1}}", "{\"weight_map\": {\"a\": null}}",
        "{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"x.safetensors\"}}",
    ])
    func aBrokenIndexIsRefused(_ text: String) throws {
        let error = try error { try $0.write(text, to: CheckpointCopy.index) }
        #expect(error?.code == .invalidIndex)
        #expect(error?.description.contains(CheckpointCopy.index) == true)
    }

    @Test func shardsWithoutIndexAskForIt() throws {
        let error = try error { try $0.remove(CheckpointCopy.index) }
        #expect(error?.code == .missingFile)
        #expect(error?.description.contains(CheckpointCopy.index) == true)
    }

    @Test func anEmptyIndexHasNoTensors() throws {
        try withCopy(CheckpointCopy.sharded) { copy in
            try copy.write("{\"weight_map\": {}}", to: CheckpointCopy.index)
            let weights = try copy.open().weights
            #expect(throws: CheckpointError.self) { try weights.tensor("a", [1]) }
        }
    }
}
