import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct CheckpointFolderTests {
    @Test(arguments: [
        "a-bf16-sharded", "b-f32-instruct", "c-f32-noresampler", "d-bf16-vector", "e-f16-tied",
        "f-f32-224",
    ])
    func everyReferenceCheckpointOpens(_ name: String) throws {
        let path = referenceFixtures().appendingPathComponent("checkpoints/\(name)").path
        let folder = try CheckpointFolder(path)
        #expect(try folder.configuration.string("model_type") == "idefics")
        #expect(try folder.tokenizerConfiguration?.string("unk_token") == "<unk>")
        #expect(try folder.generationConfiguration?.integers("eos_token_id", in: 0...9) == [2])
        #expect(try folder.specialTokensMap?.object("bos_token").string("content") == "<s>")
        #expect(try folder.preprocessorConfiguration.number("rescale_factor") == 1.0 / 255)
        #expect(folder.tokenizerPath == "\(path)/tokenizer.json")
        #expect(folder.weightsDigest.utf8.count == 64)
        #expect(folder.weightFiles.allSatisfy { $0.path.hasPrefix("\(path)/model") })
    }

    @Test func aFinalSlashIsNoPartOfThePath() throws {
        try withCopy(CheckpointCopy.single) { copy in
            let folder = try CheckpointFolder(copy.folder.path + "//")
            #expect(folder.path == copy.folder.path)
        }
    }

    @Test func optionalFilesMayBeMissing() throws {
        try withCopy(CheckpointCopy.single) { copy in
            for name in ["generation_config", "tokenizer_config", "special_tokens_map"] {
                try copy.remove("\(name).json")
            }
            let folder = try copy.open()
            #expect(folder.generationConfiguration == nil)
            #expect(folder.tokenizerConfiguration == nil)
            #expect(folder.specialTokensMap == nil)
        }
    }

    @Test(arguments: ["config.json", "preprocessor_config.json", "tokenizer.json"])
    func aMissingFileIsNamedWithARemedy(_ name: String) throws {
        let error = try openingError(of: CheckpointCopy.single) { try $0.remove(name) }
        #expect(error?.code == .missingFile)
        #expect(error?.description.contains("/\(name): no such file; ") == true)
    }

    @Test func aFolderWithoutTokenizerSaysHowToMakeIt() throws {
        let error = try openingError(of: CheckpointCopy.single) { try $0.remove("tokenizer.json") }
        #expect(error?.description.contains("AutoTokenizer.from_pretrained(DIR)") == true)
    }

    @Test func missingWeightsAreSaid() throws {
        let error = try openingError(of: CheckpointCopy.single) {
            try $0.remove("model.safetensors")
        }
        #expect(error?.code == .missingFile)
        #expect(error?.description.contains("no weights") == true)
    }

    @Test(arguments: ["pytorch_model.bin", "pytorch_model-00001-of-00002.bin", "model.pt"])
    func pickledWeightsAreRefusedWithTheWayOut(_ name: String) throws {
        let error = try openingError(of: CheckpointCopy.single) { copy in
            try copy.remove("model.safetensors")
            try copy.write("pickle", to: name)
        }
        #expect(error?.code == .unsupportedWeights)
        #expect(
            error?.description.contains("save_pretrained(DIR, safe_serialization=True)") == true
        )
        #expect(error?.description.contains(name) == true)
    }

    @Test func picklesBesideSafetensorsDoNotMatter() throws {
        let error = try openingError(of: CheckpointCopy.single) {
            try $0.write("pickle", to: "pytorch_model.bin")
        }
        #expect(error == nil)
    }

    @Test func aFolderThatIsNotThereOrNoneIsSaid() throws {
        #expect(throws: CheckpointError.self) { try CheckpointFolder("/nonexistent/folder") }
        #expect(throws: CheckpointError.self) { try CheckpointFolder("") }
        try withCopy(CheckpointCopy.single) { copy in
            let path = copy.file("config.json").path
            do {
                _ = try CheckpointFolder(path)
                Issue.record("a file was opened as a folder")
            } catch let error as CheckpointError {
                #expect(error.code == .noFolder)
                #expect(error.description.contains("is no folder"))
            }
        }
    }

    @Test(arguments: ["config.json", "tokenizer_config.json", "generation_config.json"])
    func brokenJSONIsNamedWithItsLine(_ name: String) throws {
        let error = try openingError(of: CheckpointCopy.single) {
            try $0.write("{\n\"a\": 1,\n\"b\": }\n", to: name)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("/\(name):3") == true)
    }

    @Test(arguments: ["", "[]", "3", "{\"a\": 1, \"a\": 2}", "{} {}", "\u{FEFF}{}"])
    func aConfigurationThatIsNoObjectIsRefused(_ text: String) throws {
        let error = try openingError(of: CheckpointCopy.single) {
            try $0.write(text, to: "config.json")
        }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func aFolderInPlaceOfAFileIsRefused() throws {
        let error = try openingError(of: CheckpointCopy.single) { copy in
            try copy.remove("config.json")
            try FileManager.default.createDirectory(
                at: copy.file("config.json"),
                withIntermediateDirectories: false
            )
        }
        #expect(error?.code == .unreadableFile)
    }

    @Test func symbolicLinksAreFollowed() throws {
        try withTemporaryDirectory { parent in
            let copy = try CheckpointCopy(CheckpointCopy.sharded, in: parent)
            let blobs = parent.appendingPathComponent("blobs")
            try FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: false)
            for name in try FileManager.default.contentsOfDirectory(atPath: copy.folder.path) {
                let blob = blobs.appendingPathComponent("blob-\(name)")
                try FileManager.default.moveItem(at: copy.file(name), to: blob)
                try FileManager.default.createSymbolicLink(
                    atPath: copy.file(name).path,
                    withDestinationPath: "../blobs/blob-\(name)"
                )
            }
            let tensor = try copy.open().weights.tensor("model.norm.weight", [48])
            #expect(tensor.dtype == .bf16)
        }
    }
}
