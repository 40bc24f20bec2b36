import EvalCore
import Foundation
import LocalEngine
import StrictJSON
import TestSupport
import Testing

/// Which CLIP folders are opened, and what is said of the others.
struct ClipFolderTests {
    /// A copy of a reference folder with a text in one of its files replaced.
    private func opened(
        _ file: String,
        _ old: String,
        _ new: String
    ) throws -> Result<ClipEncoder, any Error> {
        try withTemporaryDirectory { folder in
            let copy = folder.appendingPathComponent("clip")
            try FileManager.default.copyItem(
                at: referenceFixtures().appendingPathComponent("clip/clip-openai-like"),
                to: copy
            )
            let url = copy.appendingPathComponent(file)
            let text = try String(contentsOf: url, encoding: .utf8)
            let changed = text.replacingOccurrences(of: old, with: new)
            #expect(changed != text, "\(file) has no \(old)")
            try changed.write(to: url, atomically: true, encoding: .utf8)
            return Result { try ClipEncoder(copy.path) }
        }
    }

    @Test(arguments: [
        ("config.json", #""model_type": "clip","#, #""model_type": "idefics","#, "CLIPModel"),
        ("config.json", #""patch_size": 32"#, #""patch_size": 31"#, "patch_size"),
        ("preprocessor_config.json", #""resample": 3"#, #""resample": 2"#, "bicubic"),
        (
            "preprocessor_config.json", #""do_center_crop": true"#, #""do_center_crop": false"#,
            "do_center_crop"
        ),
        ("preprocessor_config.json", #""shortest_edge""#, #""longest_edge""#, "shortest_edge"),
        ("preprocessor_config.json", #""height": 224"#, #""height": 223"#, "equal height"),
    ])
    func settingsThatAreNotDoneAreRefused(
        _ file: String,
        _ old: String,
        _ new: String,
        _ expected: String
    ) throws {
        switch try opened(file, old, new) {
        case .success: Issue.record("\(file) with \(new) was opened")
        case .failure(let error):
            #expect("\(error)".contains(expected), "\(error)")
            #expect(!"\(error)".contains("\n"))
        }
    }

    @Test func numbersInPlaceOfObjectsAreTheSameSettings() throws {
        let path = referenceFixtures().appendingPathComponent("clip/clip-openai-like").path
        let known = try ClipEncoder(path).provenance
        let file = referenceFixtures()
            .appendingPathComponent("clip/clip-openai-like/preprocessor_config.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("\"shortest_edge\": 224"))
        try withTemporaryDirectory { folder in
            let copy = folder.appendingPathComponent("clip")
            try FileManager.default.copyItem(atPath: path, toPath: copy.path)
            // As the first published checkpoints have it.
            try #"{"crop_size": 224, "resample": 3, "size": 224}"#.write(
                to: copy.appendingPathComponent("preprocessor_config.json"),
                atomically: true,
                encoding: .utf8
            )
            let other = try ClipEncoder(copy.path).provenance
            #expect(other.width == known.width)
        }
    }

    /// A vector that has no direction must never look like one that has.
    @Test(arguments: [Float(0), .nan, .infinity])
    func anOutputWithoutDirectionIsNoVector(_ weight: Float) throws {
        try withTemporaryDirectory { folder in
            let copy = folder.appendingPathComponent("clip")
            try FileManager.default.copyItem(
                at: referenceFixtures().appendingPathComponent("clip/clip-openai-like"),
                to: copy
            )
            let file = copy.appendingPathComponent("model.safetensors")
            var bytes = [UInt8](try Data(contentsOf: file))
            for name in ["visual_projection.weight", "text_projection.weight"] {
                try overwrite(name, with: weight, in: &bytes, of: file.path)
            }
            try Data(bytes).write(to: file)
            let encoder = try ClipEncoder(copy.path)
            let pixels = [Float](repeating: 0.5, count: 3 * 224 * 224)
            #expect(try encoder.encode([pixels, pixels]) == [nil, nil])
            let error = #expect(throws: LocalEngineError.self) {
                try encoder.encode(texts: ["a\ncat"])
            }
            #expect(error?.description.contains("\n") == false, "\(error.debugDescription)")
        }
    }

    /// Sets all numbers of an f32 tensor in a safetensors file's bytes.
    private func overwrite(
        _ name: String,
        with value: Float,
        in bytes: inout [UInt8],
        of source: String
    ) throws {
        let headerLength = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        let header = try JSONDocument(Array(bytes[8..<8 + headerLength]), source: source).root
        let offsets = try header[name]["data_offsets"].array().map {
            8 + headerLength + (try $0.integer(in: 0...bytes.count))
        }
        for offset in offsets[0]..<offsets[1] {
            let shift = 8 * ((offset - offsets[0]) % 4)
            bytes[offset] = UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift))
        }
    }

    @Test func aMissingFolderIsNamed() {
        #expect {
            try ClipEncoder("no/such/clip")
        } throws: { error in
            "\(error)".contains("no/such/clip: no such folder")
        }
    }

    @Test func picturesNeedNoTokenizer() throws {
        try withTemporaryDirectory { folder in
            let copy = folder.appendingPathComponent("clip")
            try FileManager.default.copyItem(
                at: referenceFixtures().appendingPathComponent("clip/clip-openai-like"),
                to: copy
            )
            try FileManager.default.removeItem(at: copy.appendingPathComponent("tokenizer.json"))
            let encoder = try ClipEncoder(copy.path)
            #expect(throws: LocalEngineError.self) { try encoder.encode(texts: ["a"]) }
        }
    }
}
