import Foundation
import StrictJSON
import Tensors
import TestSupport
import Testing

private struct CorpusCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// What the reference implementation reads, sorted by name; nil if it refuses the file.
    let tensors: [Stored]?
    var testDescription: String { name }

    struct Stored: Sendable, Equatable {
        let name: [UInt8]
        let dtype: String
        let shape: [Int]
        let byteCount: Int
    }

    static let all: [CorpusCase] = {
        do {
            let url = fixturesDirectory().appendingPathComponent("safetensors_corpus.json")
            let text = try Array(Data(contentsOf: url))
            return try JSONDocument(text, source: url.path).root["cases"].array().map(
                CorpusCase.init
            )
        } catch {
            fatalError("safetensors corpus: \(error)")
        }
    }()

    init(_ record: JSONField) throws {
        name = try record["name"].string()
        bytes = Array(try #require(Data(base64Encoded: record["file"].string())))
        tensors = try record["tensors"].optional?.array().map { stored in
            let parts = try stored.array()
            return Stored(
                name: Array(try parts[0].string().utf8),
                dtype: try parts[1].string(),
                shape: try parts[2].array().map { try $0.integer() },
                byteCount: try parts[3].integer()
            )
        }
    }
}

struct SafetensorsTests {
    @Test
    func theCorpusIsLarge() {
        #expect(CorpusCase.all.count >= 400)
        #expect(CorpusCase.all.count { $0.tensors != nil } >= 60)
    }

    @Test
    func verdictsAreThoseOfTheReference() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("case.safetensors").path
            for item in CorpusCase.all {
                try Data(item.bytes).write(to: URL(fileURLWithPath: path))
                var read: [CorpusCase.Stored]?
                do {
                    let file = try SafetensorsFile(path)
                    read = try Self.contents(of: file)
                } catch let error as SafetensorsError {
                    #expect(error.path == path && !error.description.contains("\n"))
                }
                #expect(read == item.tensors, "\(item.name)")
            }
        }
    }

    private static func contents(of file: SafetensorsFile) throws -> [CorpusCase.Stored] {
        let stored = try file.entries.map { entry in
            let tensor = try file.tensor(entry.name)
            #expect(tensor.shape == entry.shape && tensor.byteCount == entry.range.count)
            return CorpusCase.Stored(
                name: Array(entry.name.utf8),
                dtype: entry.dtype.rawValue,
                shape: entry.shape,
                byteCount: entry.range.count
            )
        }
        return stored.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    @Test(arguments: 0..<20)
    func mutatedHeadersNeverTrap(seed: UInt64) throws {
        var noise = Noise(seed: seed)
        let sound = CorpusCase.all.filter { $0.tensors != nil && $0.bytes.count > 40 }
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("mutated.safetensors").path
            for _ in 0..<150 {
                var bytes = try #require(sound.randomElement(using: &noise)).bytes
                for _ in 0..<Int.random(in: 1...6, using: &noise) {
                    let place = Int.random(in: 0..<bytes.count, using: &noise)
                    switch Int.random(in: 0..<3, using: &noise) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &noise)
                    case 1: bytes[place] = Array("0123456789[]{},:\"".utf8)[place % 17]
                    default: bytes.insert(UInt8(ascii: "9"), at: place)
                    }
                }
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                do {
                    _ = try Self.contents(of: SafetensorsFile(path))
                } catch is SafetensorsError {
                    continue
                }
            }
        }
    }

    @Test
    func whatIsWrittenIsRead() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("out.safetensors").path
            var writer = SafetensorsWriter(metadata: ["format": "pt", "a": "ä\n"])
            writer.add(Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]), as: "b.weight")
            writer.add(Tensor([0.5], shape: []).converted(to: .bf16), as: "ä")
            writer.add(Tensor(zeros: [0, 4]), as: "none")
            try writer.write(to: path)
            let file = try SafetensorsFile(path)
            #expect(file.metadata == ["format": "pt", "a": "ä\n"])
            #expect(try file.tensor("b.weight").floats() == [1, 2, 3, 4, 5, 6])
            #expect(try file.tensor("ä").dtype == .bf16)
            #expect(try file.tensor("ä").floats() == [0.5])
            #expect(file.entry("none")?.shape == [0, 4])
            #expect((file.headerBytes.count + 8) % 8 == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
        }
    }

    @Test
    func mappedTensorsAreReadInPlaceAndMisalignedOnesCopied() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("odd.safetensors").path
            for padding in 0..<4 {
                var text = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
                text += String(repeating: " ", count: padding)
                var bytes = [UInt8](repeating: 0, count: 8)
                bytes[0] = UInt8(text.utf8.count)
                bytes += text.utf8
                bytes += [0, 0, 128, 63, 0, 0, 0, 64]
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                let tensor = try SafetensorsFile(path).tensor("a")
                #expect(tensor.floats() == [1, 2] && !tensor.isWritable)
            }
        }
    }

    @Test
    func errorsNameTheTensorAndTheRemedy() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("cut.safetensors").path
            var writer = SafetensorsWriter()
            writer.add(Tensor(zeros: [100]), as: "weight")
            try writer.write(to: path)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(throws: SafetensorsError.self) { try SafetensorsFile(path).tensor("bias") }
            try whole.prefix(200).write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path) }
            let text = try #require(error).description
            #expect(text.contains("expected 400") && text.contains("is the download complete?"))
        }
    }
}
