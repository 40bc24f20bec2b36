import EvalCore
import Foundation
import LocalEngine
import Models
import Tensors
import TestSupport
import Testing

/// What is known of a checkpoint without its weights.
struct CheckpointOutlineTests {
    private let checkpoint = GoldenCheckpoint(name: "a-bf16-sharded")

    /// Runs `body` with a copy of a sharded checkpoint whose shards are missing.
    private func withoutShards(_ body: (URL) throws -> Void) throws {
        try withTemporaryDirectory { parent in
            let folder = parent.appendingPathComponent("copy")
            try FileManager.default.copyItem(atPath: checkpoint.folder, toPath: folder.path)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
            where name.hasSuffix(".safetensors") {
                try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
            }
            try body(folder)
        }
    }

    @Test func missingShardsTakeNothingFromTheOutline() throws {
        let whole = try CheckpointOutline(checkpoint.folder)
        #expect(whole.hasWeights)
        try withoutShards { folder in
            let outline = try CheckpointOutline(folder.path)
            #expect(!outline.hasWeights)
            #expect(outline.parameterCount == whole.parameterCount)
            #expect(outline.storedByteCount == whole.storedByteCount)
            #expect(outline.encoder.promptLimit == whole.encoder.promptLimit)
            // An engine still says which file it lacks.
            #expect(throws: LocalEngineError.self) { try LocalEngine(folder.path) }
        }
    }

    @Test func aFolderWithoutIndexIsNoCheckpoint() throws {
        try withoutShards { folder in
            let index = folder.appendingPathComponent("model.safetensors.index.json")
            try FileManager.default.removeItem(at: index)
            let error = #expect(throws: LocalEngineError.self) {
                try CheckpointOutline(folder.path)
            }
            #expect(error?.kind == .checkpoint)
        }
    }

    @Test(arguments: GoldenCheckpoint.all, EnginePrecision.allCases)
    func aPictureTakesWhatItsStatesTake(
        checkpoint: GoldenCheckpoint,
        precision: EnginePrecision
    ) throws {
        let options = LocalEngineOptions(precision: precision, threads: 1)
        let outline = try CheckpointOutline(checkpoint.folder, options: options)
        let bytes = outline.bytesPerPicture(precision)
        // With room for one picture, the second one displaces the first; with room for two not.
        for (room, encoded) in [(2 * bytes - 1, 3), (2 * bytes, 2)] {
            let engine = try checkpoint.engine(precision: precision) { $0.imageCacheBytes = room }
            for name in ["j420.jpg", "ppal.png", "j420.jpg"] {
                _ = try engine.answer(
                    EngineRequest(
                        number: 0,
                        prompt: Prompt(segments: [.markup("<s>"), .image(picture(name))]),
                        generation: GenerationSettings(maxNewTokens: 1)
                    )
                )
            }
            #expect(engine.statistics.imagesEncoded == encoded)
        }
    }

    @Test func weightsTakeTheBytesOfTheirPrecision() throws {
        let stored = try #require(try CheckpointOutline(checkpoint.folder).storedByteCount)
        func memory(_ precision: EnginePrecision) throws -> MemoryForecast {
            let options = LocalEngineOptions(precision: precision, threads: 1)
            return try CheckpointOutline(checkpoint.folder, options: options).forecast(
                [RequestShape(promptTokens: 20, pictures: 1, newTokens: 5)],
                pictureCount: 1,
                requestCount: 1,
                options: options,
                harness: 0
            ).memory
        }
        let (bf16, f32) = (try memory(.bf16), try memory(.f32))
        // Used in place but for vectors; up-cast but for the table.
        #expect(bf16.weights >= stored - 256 && bf16.weights < stored * 3 / 2)
        #expect(f32.weights > stored * 3 / 2 && f32.weights <= 2 * stored)
        #expect(f32.weightSource == bf16.weightSource)
        #expect(f32.keyValues == 2 * bf16.keyValues)
    }
}

/// Limits of memory.
struct MemoryLimitTests {
    private let checkpoint = GoldenCheckpoint(name: "b-f32-instruct")

    @Test func whatCannotFitIsRefusedWithItsNeed() throws {
        let outline = try CheckpointOutline(checkpoint.folder)
        let error = #expect(throws: LocalEngineError.self) {
            try outline.options(LocalEngineOptions(), within: 1 << 20, harness: 0)
        }
        #expect(error?.kind == .checkpoint)
        #expect(error?.description.contains("--max-memory") == true)
        #expect(error?.description.contains("may take 0.00 GiB") == true)
    }

    @Test(arguments: [256 << 20, 1 << 30, 64 << 30])
    func cachesShareWhatIsLeft(limit: Int) throws {
        let outline = try CheckpointOutline(checkpoint.folder)
        let options = try outline.options(LocalEngineOptions(), within: limit, harness: 64 << 20)
        #expect(options.imageCacheBytes + options.keyValueCacheBytes < limit - 64 << 20)
        #expect(options.keyValueCacheBytes <= LocalEngineOptions().keyValueCacheBytes)
        #expect(options.imageCacheBytes > 0)
    }

    @Test func theSmallestLimitThatIsTakenIsEnough() throws {
        let outline = try CheckpointOutline(checkpoint.folder)
        func fits(_ limit: Int) -> Bool {
            (try? outline.options(LocalEngineOptions(), within: limit, harness: 0)) != nil
        }
        var (low, high) = (0, 1 << 34)
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(middle) { high = middle } else { low = middle }
        }
        let options = try outline.options(LocalEngineOptions(), within: high, harness: 0)
        let forecast = outline.forecast(
            (0..<50).map { RequestShape(promptTokens: 200 + $0, pictures: 5, newTokens: 10) },
            pictureCount: 250,
            requestCount: 50,
            options: options,
            harness: 0
        )
        #expect(forecast.memory.needed <= high)
    }

    @Test func availableMemoryIsReadFromTheSystemsWords() {
        let text = "MemTotal:       24000000 kB\nMemAvailable:   12345678 kB\n"
        #expect(MachineMemory.available(text) == 12_345_678 << 10)
        #expect(MachineMemory.available("MemTotal: 1 kB\n") == nil)
        #expect(MachineMemory.available("") == nil)
        #expect(MachineMemory.value(of: "anon", in: "anon 4096\nfile 8192\n") == 4096)
        #expect(MachineMemory.value(of: "shmem", in: "anon 4096\n") == nil)
    }
}
