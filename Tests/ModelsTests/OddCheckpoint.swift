import Checkpoints
import Foundation
import Models
import StrictJSON
import Tensors
import TestSupport

/// A checkpoint of odd dimensions with what the NumPy implementation computes with it.
struct OddCheckpoint {
    static let names = ["odd", "odd-tied"]

    let model: IdeficsModel
    let pixels: [[Float]]
    let tokens: [Int32]
    let imageIndex: [Int32]
    let states: Tensor
    let logits: Tensor

    init(_ name: String, _ backend: any ComputeBackend) throws {
        let folder = fixturesDirectory().appendingPathComponent(name)
        model = try IdeficsModel(CheckpointFolder(folder.path), backend: backend)
        let golden = try SafetensorsFile(folder.appendingPathComponent("golden.safetensors").path)
        let all = try golden.tensor("pixel_values")
        let size = model.configuration.vision.imageSize
        pixels = (0..<2).map { all.rowRange($0 * 3 * size..<($0 + 1) * 3 * size).floats() }
        states = try golden.tensor("image_hidden_states")
        logits = try golden.tensor("logits")
        let json = folder.appendingPathComponent("golden.json")
        let root = try JSONDocument([UInt8](Data(contentsOf: json)), source: json.path).root
        tokens = try root["input_ids"].array().map { Int32(try $0.integer()) }
        imageIndex = try root["image_index_per_token"].array().map { Int32(try $0.integer()) }
    }
}
