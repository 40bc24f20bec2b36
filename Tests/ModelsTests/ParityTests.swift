import Checkpoints
import Models
import Tensors
import TestSupport
import Testing

/// Whole forward passes against transformers, f32 with up-cast weights (tolerances of
/// `tools/reference`: hidden states 1e-4, logits 5e-4, sums of log-probabilities 1e-3).
@Suite struct ParityTests {
    @Test(arguments: ReferenceCheckpoint.names)
    func everyLayerMatches(_ name: String) throws {
        let reference = try ReferenceCheckpoint(name)
        let twoImages = try reference.case("two_images")
        var got: [String: [Float]] = [:]
        let tap: LayerTap = { name, value in got[name] = value.floats() }
        let images = reference.model.encodeImages(
            try reference.pixelValues(twoImages),
            tap: tap
        )
        _ = reference.model.logits(twoImages.tokens, twoImages.imageIndex, images, tap: tap)
        var compared = 0
        for entry in reference.golden.entries {
            let prefix = "two_images.h."
            guard entry.name.hasPrefix(prefix) else { continue }
            let layer = String(entry.name.dropFirst(prefix.count))
            let expected = try reference.golden.tensor(entry.name).floats()
            // The generator kept the first image only of the larger towers.
            var values = Array(try #require(got[layer]).prefix(expected.count))
            if layer.hasSuffix("attn_out") {
                values = fillUnseen(values, from: expected, twoImages.imageIndex)
            }
            expectClose(values, expected, shape: entry.shape, absolute: 1e-4, "\(name) \(layer)")
            compared += 1
        }
        #expect(compared >= 10)
    }

    /// The reference attends to all images where a row sees none, and drops the result behind the
    /// point where it was recorded; here such rows must be zero.
    private func fillUnseen(
        _ values: [Float],
        from expected: [Float],
        _ imageIndex: [Int32]
    ) -> [Float] {
        let width = values.count / imageIndex.count
        return zip(values, expected).enumerated().map { index, pair in
            guard imageIndex[index / width] < 0 else { return pair.0 }
            #expect(pair.0 == 0)
            return pair.1
        }
    }

    @Test(arguments: ReferenceCheckpoint.names)
    func everyCaseMatches(_ name: String) throws {
        let reference = try ReferenceCheckpoint(name)
        for prompt in reference.cases {
            let label = "\(name) \(prompt.name)"
            let images = reference.model.encodeImages(try reference.pixelValues(prompt))
            if let expected = try reference.tensor("\(prompt.name).image_hidden_states") {
                expectClose(
                    images.flatMap { $0.states.floats() },
                    expected.floats(),
                    shape: expected.shape,
                    absolute: 1e-4,
                    "\(label) states"
                )
            }
            let logits = reference.model.logits(prompt.tokens, prompt.imageIndex, images)
            if let expected = try reference.tensor("\(prompt.name).logits") {
                expectClose(
                    logits.floats(),
                    expected.floats(),
                    shape: logits.shape,
                    absolute: 5e-4,
                    "\(label) logits"
                )
            }
            let last = try #require(try reference.tensor("\(prompt.name).logits_last"))
            expectClose(
                logits.row(logits.rows - 1),
                last.floats(),
                absolute: 5e-4,
                "\(label) last logits"
            )
            let expected = try #require(try reference.tensor("\(prompt.name).token_logprobs"))
            let got = tokenLogProbabilities(logits, prompt.tokens, reference.model.backend)
            expectClose(got, expected.floats(), absolute: 5e-4, "\(label) log-probabilities")
            let difference = got.reduce(0, +) - expected.floats().reduce(0, +)
            #expect(abs(difference) <= 1e-3 * Float(max(1, got.count / 20)), "\(label)")
        }
    }

    @Test func goldenPixelsAreTheOnesEncoded() throws {
        for name in ReferenceCheckpoint.names {
            let reference = try ReferenceCheckpoint(name)
            guard let expected = try reference.tensor("two_images.pixel_values") else { continue }
            let got = try reference.pixelValues(reference.case("two_images")).flatMap { $0 }
            expectClose(got, expected.floats(), absolute: 1e-6, name)
        }
    }

    private func tokenLogProbabilities(
        _ logits: Tensor,
        _ tokens: [Int32],
        _ backend: any ComputeBackend
    ) -> [Float] {
        (1..<tokens.count).map { row in
            backend.logProbabilities(logits, row: row - 1)[Int(tokens[row])]
        }
    }
}
