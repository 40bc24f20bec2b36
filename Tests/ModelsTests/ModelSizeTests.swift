import Checkpoints
import Models
import Tensors
import Testing

/// What a configuration says of its model's size is what its files hold.
struct ModelSizeTests {
    /// Tensors of published files that no model reads.
    private static let leftovers = ["post_layernorm"]

    @Test(arguments: ReferenceCheckpoint.names)
    func parametersAreThoseOfTheFiles(name: String) throws {
        let folder = try CheckpointFolder(ReferenceCheckpoint.path(name))
        let tensors = folder.weightFiles.flatMap(\.tensors).filter { tensor in
            !Self.leftovers.contains { tensor.name.contains($0) }
        }
        let size = ModelSize(try IdeficsConfiguration(folder.configuration))
        func count(_ isIncluded: (String) -> Bool) -> Int {
            tensors.filter { isIncluded($0.name) }.reduce(0) { $0 + $1.shape.reduce(1, *) }
        }
        #expect(size.parameterCount == count { _ in true })
        #expect(size.tower.count == count { $0.hasPrefix("model.vision_model.") })
        #expect(size.resampler.count == count { $0.hasPrefix("model.perceiver_resampler.") })
        #expect(size.crossLayers.count == count { $0.hasPrefix("model.gated_cross_attn_layers.") })
        #expect(size.embedding == count { $0.hasPrefix("model.embed_tokens.") })
        #expect(size.head.count == count { $0.hasPrefix("lm_head.") })
        #expect(size.matrixCount + size.vectorCount + size.embedding == size.parameterCount)
    }
}
