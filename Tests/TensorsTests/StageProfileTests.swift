import Tensors
import Testing

struct StageProfileTests {
    @Test func stagesExcludeEachOther() throws {
        let profile = StageProfile()
        let clock = ContinuousClock()
        func spend(_ milliseconds: Int) {
            let end = clock.now + .milliseconds(milliseconds)
            while clock.now < end {}
        }
        let whole = clock.measure {
            profile.measure(.rest) {
                spend(5)
                profile.measure(.mlp) { spend(20) }
                profile.measure(.mlp) { spend(20) }
            }
        }
        let parts = profile.parts
        let (rest, mlp) = (try #require(parts[.rest]).seconds, try #require(parts[.mlp]).seconds)
        #expect(mlp >= 0.04 && rest >= 0.005)
        #expect(rest + mlp <= whole / .seconds(1))
    }

    @Test func operationsBelongToTheInnermostStage() throws {
        let profile = StageProfile()
        let backend = try CPUBackend(precision: .f32, threads: 2, profile: profile)
        let weight = backend.prepare(Tensor(zeros: [5, 7]))
        let x = Tensor(zeros: [3, 7])
        _ = backend.linear(x, weight, bias: nil)
        backend.stage(.rest) {
            backend.stage(.mlp) { _ = backend.linear(x, weight, bias: nil) }
            let keys = Tensor(zeros: [4, 8])
            let span = KeyValueSpan(keys: keys, values: keys, range: 0..<4)
            let segment = AttentionSegment(queryRows: 0..<3, spans: [span], causal: true)
            _ = backend.attention(
                Tensor(zeros: [3, 8]),
                heads: 2,
                scale: 1,
                segments: [segment]
            )
        }
        let product = 2.0 * 3 * 5 * 7
        // Rows see 2, 3 and 4 positions.
        let attention = 4.0 * 8 * 9
        #expect(profile.parts[.mlp]?.operations == product)
        #expect(profile.parts[.rest]?.operations == attention)
    }

    @Test func aThrowEndsItsStage() {
        struct Failure: Error {}
        let profile = StageProfile()
        profile.measure(.rest) {
            try? profile.measure(.store) { throw Failure() }
            try? profile.measureBeside(.tokenising) { throw Failure() }
        }
        #expect(Set(profile.parts.keys) == [.rest, .store, .tokenising])
    }
}
