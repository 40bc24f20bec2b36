import Models
import Tensors
import TestSupport
import Testing

/// bf16 products: near f32, near what transformers computes in bf16, and not f32.
@Suite struct PrecisionTests {
    @Test(arguments: ReferenceCheckpoint.names)
    func bf16IsNearF32ButNotEqual(_ name: String) throws {
        let exact = try ReferenceCheckpoint(name, .f32)
        let rounded = try ReferenceCheckpoint(name, .bf16)
        for prompt in exact.cases {
            let expected = try lastLogits(exact, prompt)
            let got = try lastLogits(rounded, prompt)
            expectClose(got, expected, absolute: 0.25, "\(name) \(prompt.name)")
            #expect(got != expected, "\(name) \(prompt.name)")
        }
    }

    @Test(arguments: ReferenceCheckpoint.bf16Names)
    func bf16IsNearTheReferenceInBF16(_ name: String) throws {
        let reference = try ReferenceCheckpoint(name, .bf16)
        for prompt in reference.cases {
            let golden = try #require(
                try reference.tensor("\(prompt.name).logits_last_native_dtype")
            )
            // Both differ from f32 by up to 0.22, in different ways.
            expectClose(
                try lastLogits(reference, prompt),
                golden.floats(),
                absolute: 0.4,
                "\(name) \(prompt.name)"
            )
        }
    }

    @Test func cachesTakeHalfTheMemoryInBF16() throws {
        let bytes = try Precision.allCases.map { precision in
            let reference = try ReferenceCheckpoint("a-bf16-sharded", precision)
            let prompt = try reference.case("two_images")
            let images = reference.model.encodeImages(try reference.pixelValues(prompt))
            let cache = reference.model.makeCache()
            _ = reference.model.logits(
                prompt.tokens,
                prompt.imageIndex,
                images,
                rows: .last,
                cache: cache
            )
            return cache.byteCount
        }
        #expect(bytes[0] == 2 * bytes[1])
    }

    private func lastLogits(
        _ reference: ReferenceCheckpoint,
        _ prompt: ReferenceCase
    ) throws -> [Float] {
        let images = reference.model.encodeImages(try reference.pixelValues(prompt))
        return reference.model.logits(
            prompt.tokens,
            prompt.imageIndex,
            images,
            rows: .last
        ).row(0)
    }
}
