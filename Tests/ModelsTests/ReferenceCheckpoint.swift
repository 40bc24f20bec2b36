import Checkpoints
import Foundation
import Models
import StrictJSON
import Tensors
import TestSupport

/// One of the six reference checkpoints with everything that transformers computed with it.
struct ReferenceCheckpoint {
    static let names = [
        "a-bf16-sharded", "b-f32-instruct", "c-f32-noresampler", "d-bf16-vector", "e-f16-tied",
        "f-f32-224",
    ]
    /// The ones whose weights are stored in bf16.
    static let bf16Names = ["a-bf16-sharded", "d-bf16-vector"]

    let name: String
    let model: IdeficsModel
    let golden: SafetensorsFile
    let cases: [ReferenceCase]
    private let pixels: SafetensorsFile

    static func path(_ name: String) -> String {
        referenceFixtures().appendingPathComponent("checkpoints/\(name)").path
    }

    init(_ name: String, _ backend: any ComputeBackend) throws {
        self.name = name
        let folder = referenceFixtures()
        model = try IdeficsModel(CheckpointFolder(Self.path(name)), backend: backend)
        golden = try SafetensorsFile(
            folder.appendingPathComponent("golden/\(name)/tensors.safetensors").path
        )
        pixels = try SafetensorsFile(folder.appendingPathComponent("pixels.safetensors").path)
        let json = folder.appendingPathComponent("golden/\(name)/cases.json")
        let document = try JSONDocument([UInt8](Data(contentsOf: json)), source: json.path)
        cases = try document.root["cases"].members().map { try ReferenceCase($0.key, $0.field) }
    }

    init(_ name: String, _ precision: Precision = .f32, threads: Int = 1) throws {
        try self.init(name, CPUBackend(precision: precision, threads: threads))
    }

    func `case`(_ name: String) throws -> ReferenceCase {
        guard let found = cases.first(where: { $0.name == name }) else {
            throw MissingFixture(name: "\(self.name)/\(name)")
        }
        return found
    }

    /// A golden tensor, if the generator kept it.
    func tensor(_ name: String) throws -> Tensor? {
        golden.entry(name) == nil ? nil : try golden.tensor(name)
    }

    /// The pixel values of a case's images, as the reference's image processor makes them.
    func pixelValues(_ reference: ReferenceCase) throws -> [[Float]] {
        try reference.images.map { image in
            try Self.normalised(pixels, "\(image).\(model.configuration.vision.imageSize)")
        }
    }

    /// RGB bytes `[S, S, 3]` to pixel values `[3, S, S]`.
    private static func normalised(_ file: SafetensorsFile, _ name: String) throws -> [Float] {
        let mean: [Float] = [0.48145466, 0.4578275, 0.40821073]
        let deviation: [Float] = [0.26862954, 0.26130258, 0.27577711]
        guard let entry = file.entry(name) else { throw MissingFixture(name: name) }
        let data = try Data(contentsOf: URL(fileURLWithPath: file.path))
        let start = 8 + file.headerBytes.count + entry.range.lowerBound
        let area = entry.shape[0] * entry.shape[1]
        var values: [Float] = []
        for channel in 0..<3 {
            for pixel in 0..<area {
                let byte = data[start + 3 * pixel + channel]
                let scaled = Float(Double(byte) * (1.0 / 255))
                values.append((scaled - mean[channel]) / deviation[channel])
            }
        }
        return values
    }
}

/// A prompt of the reference data.
struct ReferenceCase {
    let name: String
    let tokens: [Int32]
    let imageIndex: [Int32]
    let images: [String]

    init(_ name: String, _ field: JSONField) throws {
        self.name = name
        tokens = try field["input_ids"].array().map { Int32(try $0.integer()) }
        imageIndex = try field["image_index_per_token"].array().map { Int32(try $0.integer()) }
        images = try field["items"].array().compactMap { try $0["image"].optional?.string() }
    }
}

struct MissingFixture: Error {
    let name: String
}

extension IdeficsModel {
    /// Logits of one sequence on its own.
    func logits(
        _ tokens: [Int32],
        _ imageIndex: [Int32],
        _ images: [ImageStates],
        rows: RequestedRows = .all,
        cache: KeyValueCache? = nil,
        tap: LayerTap? = nil
    ) -> Tensor {
        var batch = PackedBatch()
        batch.append(
            tokens: tokens,
            cache: cache ?? makeCache(),
            imageIndex: imageIndex,
            images: images,
            requestedRows: rows
        )
        return forward(batch, tap: tap)
    }
}
