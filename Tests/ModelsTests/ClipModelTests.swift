import Checkpoints
import Foundation
import Models
import StrictJSON
import Tensors
import TestSupport
import Testing

/// The towers of CLIP by themselves, without tokenizer, decoder and cache around them.
@Suite struct ClipModelTests {
    static let names = ["clip-openai-like", "clip-laion-like"]

    private func folder(_ name: String) -> URL {
        referenceFixtures().appendingPathComponent("clip/\(name)")
    }

    private func model(_ path: String, threads: Int = 1) throws -> ClipModel {
        try ClipModel(
            CheckpointFolder(path, needsTokenizer: false),
            backend: CPUBackend(precision: .f32, threads: threads)
        )
    }

    /// The ids of the golden texts as transformers pads them, with the end token.
    private func paddedTokens(_ name: String) throws -> [[Int32]] {
        let url = folder(name).appendingPathComponent("golden.json")
        let root = try JSONDocument([UInt8](Data(contentsOf: url)), source: url.path).root
        return try root["text_ids_padded"].array().map { row in
            try row.array().map { Int32(try $0.integer(in: 0...1 << 20)) }
        }
    }

    @Test(arguments: names)
    func textsHaveTheProjectionsOfTransformers(_ name: String) throws {
        let golden = try SafetensorsFile(
            folder(name).appendingPathComponent("golden.safetensors").path
        )
        let expected = try golden.tensor("text_embeds_raw")
        let vectors = try model(folder(name).path).embed(texts: paddedTokens(name))
        expectClose(vectors.floats(), expected.floats(), shape: expected.shape, absolute: 1e-5)
    }

    @Test(arguments: names)
    func whatFollowsTheFirstEndTokenDoesNotMatter(_ name: String) throws {
        let model = try model(folder(name).path)
        let padded = try paddedTokens(name)
        let cut = try padded.map { tokens in
            let end = try #require(tokens.firstIndex { $0 == tokens.max() })
            return Array(tokens[...end])
        }
        #expect(Set(cut.map(\.count)).count > 1)
        #expect(model.embed(texts: cut).floats() == model.embed(texts: padded).floats())
    }

    @Test(arguments: names)
    func aTextAloneHasTheBitsOfABatch(_ name: String) throws {
        let tokens = try paddedTokens(name)
        let together = try model(folder(name).path, threads: 2).embed(texts: tokens)
        let single = try model(folder(name).path)
        for (row, text) in tokens.enumerated() {
            #expect(single.embed(texts: [text]).row(0) == together.row(row))
        }
    }

    // Old files say 2, which no text ends with: there the largest id is the end. Without an end
    // token the reference takes the first position.
    @Test(arguments: [(2, 4), (9, 2), (733, 0)])
    func theStateOfTheEndTokenStandsForTheText(_ end: Int, _ position: Int) throws {
        let tokens: [Int32] = [5, 3, 9, 1, 600, 9, 2, 600]
        let vector = try edited { $0["text_config.eos_token_id"] = .integer(end) }
            .embed(texts: [tokens]).row(0)
        // The tower is causal, so that a text cut behind the position has the same state there.
        let cut = Array(tokens[...position])
        let last = try #require(cut.last)
        let expected = try edited { $0["text_config.eos_token_id"] = .integer(Int(last)) }
            .embed(texts: [cut]).row(0)
        #expect(vector == expected)
    }

    @Test(arguments: [
        "projection_dim", "vision_config.hidden_size", "vision_config.num_hidden_layers",
        "vision_config.intermediate_size", "vision_config.patch_size", "vision_config.image_size",
        "text_config.hidden_size", "text_config.num_hidden_layers", "text_config.vocab_size",
        "text_config.intermediate_size", "text_config.max_position_embeddings",
    ])
    func aConfigurationOfAnotherModelIsRefused(_ key: String) throws {
        let others = ["vision_config.patch_size": 16, "vision_config.image_size": 256]
        let error = #expect(throws: CheckpointError.self) {
            _ = try edited { $0[key] = .integer(others[key] ?? 80) }
        }
        #expect([.missingTensor, .wrongShape].contains(error?.code), "\(key)")
    }

    /// The openai-like model with keys of its configuration changed, nested ones by dotted path.
    private func edited(_ change: (inout [String: JSONValue]) -> Void) throws -> ClipModel {
        var changes: [String: JSONValue] = [:]
        change(&changes)
        return try withTemporaryDirectory { parent in
            let copy = parent.appendingPathComponent("clip")
            try FileManager.default.copyItem(at: folder("clip-openai-like"), to: copy)
            let file = copy.appendingPathComponent("config.json")
            var root = try JSONValue(parsing: [UInt8](Data(contentsOf: file)), source: "")
            for (key, value) in changes { root = replacing(key[...], value, in: root) }
            try Data(root.utf8()).write(to: file)
            return try model(copy.path)
        }
    }

    private func replacing(_ key: Substring, _ value: JSONValue, in root: JSONValue) -> JSONValue {
        guard case .object(var members) = root else { return value }
        guard let dot = key.firstIndex(of: ".") else {
            members[String(key)] = value
            return .object(members)
        }
        let name = String(key[..<dot])
        members[name] = replacing(
            key[key.index(after: dot)...],
            value,
            in: members[name] ?? [:]
        )
        return .object(members)
    }
}
