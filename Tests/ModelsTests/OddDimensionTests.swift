import Models
import Tensors
import TestSupport
import Testing

/// Dimensions that fill no vector register, and the shapes that the reference checkpoints lack.
@Suite struct OddDimensionTests {
    @Test(arguments: OddCheckpoint.names, CPUBackend.availableKernelSets)
    func matchesTheReference(_ name: String, _ kernelSet: String) throws {
        let backend = try CPUBackend(precision: .f32, threads: 1, kernelSet: kernelSet)
        let odd = try OddCheckpoint(name, backend)
        let images = odd.model.encodeImages(odd.pixels)
        expectClose(
            images.flatMap { $0.states.floats() },
            odd.states.floats(),
            shape: odd.states.shape,
            absolute: 1e-4,
            "\(name) states"
        )
        let logits = odd.model.logits(odd.tokens, odd.imageIndex, images)
        #expect(logits.shape == odd.logits.shape)
        expectClose(
            logits.floats(),
            odd.logits.floats(),
            shape: logits.shape,
            absolute: 5e-4,
            "\(name) logits"
        )
    }

    @Test func aTiedHeadWithoutAddedTokensHasTheBaseVocabulary() throws {
        let odd = try OddCheckpoint("odd-tied", CPUBackend(precision: .f32, threads: 1))
        #expect(odd.model.logitCount == 101)
        #expect(odd.model.configuration.additionalVocabularySize == 0)
        #expect(odd.model.configuration.stateCount == 10)
    }
}
