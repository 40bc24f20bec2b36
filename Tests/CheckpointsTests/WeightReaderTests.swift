import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct WeightReaderTests {
    private func error(_ body: () throws -> Tensor) throws -> CheckpointError? {
        do {
            _ = try body()
            return nil
        } catch let error as CheckpointError { return error }
    }

    @Test func namesAreJoinedByScope() throws {
        try withCopy(CheckpointCopy.sharded) { copy in
            let weights = try copy.open().weights
            let whole = try weights.tensor("model.layers.3.input_layernorm.weight", [48])
            let scoped = try weights.scope("model").scope("layers.3")
                .tensor("input_layernorm.weight", [48])
            #expect(scoped.floats() == whole.floats())
            #expect(scoped.dtype == .bf16)
            #expect(!scoped.isWritable)
        }
    }

    @Test func storedDTypesAreKept() throws {
        let expected: [(String, DType)] = [
            ("a-bf16-sharded", .bf16), ("b-f32-instruct", .f32), ("e-f16-tied", .f16),
        ]
        for (name, dtype) in expected {
            try withCopy(name) { copy in
                let width = name == "e-f16-tied" ? 16 : 48
                let tensor = try copy.open().weights.tensor("model.norm.weight", [width])
                #expect(tensor.dtype == dtype)
            }
        }
    }

    @Test func aMissingTensorIsNamedInFull() throws {
        try withCopy(CheckpointCopy.single) { copy in
            let reader = try copy.open().weights.scope("model").scope("layers.99")
            let error = try error { try reader.tensor("input_layernorm.weight", [48]) }
            #expect(error?.code == .missingTensor)
            let text = try #require(error?.description)
            #expect(text.contains("model.layers.99.input_layernorm.weight, expected [48]"))
            #expect(text.contains("model.safetensors: "))
        }
    }

    @Test(arguments: [[47], [48, 1], [], [0], [-1], [Int.max, Int.max]])
    func anotherShapeIsRefused(_ shape: [Int]) throws {
        try withCopy(CheckpointCopy.sharded) { copy in
            let weights = try copy.open().weights
            let error = try error { try weights.tensor("model.norm.weight", shape) }
            #expect(error?.code == .wrongShape)
            let text = try #require(error?.description)
            #expect(text.contains("model.norm.weight has shape [48], expected \(shape)"))
            #expect(text.contains("-of-00010.safetensors"))
        }
    }

    @Test func anotherDTypeIsRefusedAndLeftoversAreNot() throws {
        try withCopy(CheckpointCopy.single) { copy in
            var writer = SafetensorsWriter()
            writer.add(Tensor(zeros: [3], dtype: .i64), as: "model.norm.weight")
            writer.add(Tensor(zeros: [2]), as: "model.layers.0.self_attn.rotary_emb.inv_freq")
            writer.add(Tensor([1, 2], shape: [2]), as: "kept")
            try writer.write(to: copy.file("model.safetensors").path)
            let weights = try copy.open().weights
            let error = try error { try weights.tensor("model.norm.weight", [3]) }
            #expect(error?.code == .wrongDType)
            #expect(error?.description.contains("model.norm.weight has dtype I64") == true)
            #expect(try weights.tensor("kept", [2]).floats() == [1, 2])
        }
    }

    @Test func anUnknownDTypeIsRefusedWithItsName() throws {
        let error = try openingError(of: CheckpointCopy.single) { copy in
            let header = #"{"w":{"dtype":"Q4","shape":[1],"data_offsets":[0,1]}}"#
            var data = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0])
            data.append(contentsOf: header.utf8)
            data.append(0)
            try data.write(to: copy.file("model.safetensors"))
        }
        #expect(error?.code == .invalidWeights)
        #expect(error?.description.contains("Q4") == true)
    }

    /// NFC and NFD spellings are different names in the file, but equal Swift strings.
    @Test func canonicallyEqualNamesDoNotTrap() throws {
        let error = try openingError(of: CheckpointCopy.single) { copy in
            let header = """
                {"\u{E9}":{"dtype":"I8","shape":[1],"data_offsets":[0,1]},\
                "e\u{301}":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}}
                """
            var data = Data([UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0])
            data.append(contentsOf: header.utf8)
            data.append(contentsOf: [0, 0])
            try data.write(to: copy.file("model.safetensors"))
        }
        #expect(error == nil || error?.code == .duplicateTensor || error?.code == .invalidWeights)
    }
}
