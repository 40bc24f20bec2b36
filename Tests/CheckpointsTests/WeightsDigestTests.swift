import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct WeightsDigestTests {
    private func digests(
        _ name: String,
        readLimit: Int = CheckpointFolder.smallWeights,
        _ change: (CheckpointCopy) throws -> Void
    ) throws -> (before: String, after: String) {
        var result = ("", "")
        try withCopy(name) { copy in
            func digest() throws -> String {
                try CheckpointFolder(copy.folder.path, readLimit: readLimit).weightsDigest
            }
            result.0 = try digest()
            try change(copy)
            result.1 = try digest()
        }
        return result
    }

    private func touch(_ file: URL) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000)],
            ofItemAtPath: file.path
        )
    }

    @Test(arguments: [CheckpointCopy.single, CheckpointCopy.sharded])
    func theSameFolderHasTheSameDigest(_ name: String) throws {
        let (before, after) = try digests(name) { _ in }
        #expect(before == after)
    }

    @Test func otherFilesDoNotCount() throws {
        let (before, after) = try digests(CheckpointCopy.single) {
            try $0.write("{}", to: "generation_config.json")
            try touch($0.file("config.json"))
        }
        #expect(before == after)
    }

    @Test func theConfigurationCounts() throws {
        let (before, after) = try digests(CheckpointCopy.single) {
            try $0.replace("1e-06", by: "1e-05", in: "config.json")
        }
        #expect(before != after)
    }

    @Test func theIndexCounts() throws {
        let (before, after) = try digests(CheckpointCopy.sharded) {
            try $0.replace("total_size", by: "total_sizes", in: CheckpointCopy.index)
        }
        #expect(before != after)
    }

    @Test func theTimeOfEveryLargeShardCounts() throws {
        let (before, after) = try digests(CheckpointCopy.sharded, readLimit: 1000) {
            try touch($0.file("model-00007-of-00010.safetensors"))
        }
        #expect(before != after)
    }

    @Test func timesOfSmallWeightsDoNotCountButTheirBytesDo() throws {
        let shard = "model-00007-of-00010.safetensors"
        let (before, after) = try digests(CheckpointCopy.sharded) { try touch($0.file(shard)) }
        #expect(before == after)
        let changed = try digests(CheckpointCopy.sharded) { copy in
            var data = try Data(contentsOf: copy.file(shard))
            data[data.count - 1] ^= 1
            try data.write(to: copy.file(shard))
        }
        #expect(changed.before != changed.after)
    }

    @Test func theHeaderCounts() throws {
        let (before, after) = try digests(CheckpointCopy.single) { copy in
            let file = copy.file("model.safetensors")
            let date = try FileManager.default.attributesOfItem(atPath: file.path)[
                .modificationDate
            ]
            var data = try Data(contentsOf: file)
            let name = Data("model.norm.weight".utf8)
            let range = try #require(data.range(of: name))
            data.replaceSubrange(range, with: Data("model.form.weight".utf8))
            try data.write(to: file)
            try FileManager.default.setAttributes(
                [.modificationDate: try #require(date)],
                ofItemAtPath: file.path
            )
        }
        #expect(before != after)
    }
}
