import EvalCore
import Foundation
import LocalEngine
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
