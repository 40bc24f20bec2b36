import EvalCore
import Testing

/// Expected numbers come from a Python transcription of the documented algorithm and, for the
/// plain sequence, from the published vector of SplitMix64 with state 1234567.
struct KeyedGeneratorTests {
    @Test func drawsAreThoseOfSplitMix64() {
        var generator = KeyedGenerator(state: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
        ]
        #expect(expected.indices.map { _ in generator.next() } == expected)
    }

    @Test(
        arguments: [
            (UInt64(0), [], [0xa706_dd2f_4d19_7e6f, 0xb382_a305_f441_4f5e, 0x631a_9154_fbab_f717]),
            (
                UInt64(42), ["shots", "vqav2", "val2014", "262148000"],
                [0xe8c9_49dd_e146_f260, 0x64f3_1b81_fe63_5d97, 0xcb4f_adcd_4b9e_9a80]
            ),
            (
                UInt64(42), ["slices", "vqav2", "train2014", "458752000"],
                [0x3f27_6ebb_4507_8b0c, 0x4f5a_dc65_bb25_19d8, 0xfb80_c6b8_a2a1_a2c8]
            ),
            (
                UInt64.max, ["", "é"],
                [0xe875_70e6_7ca8_7615, 0xdcff_6857_aeda_32ac, 0xb440_bcc5_d53d_8185]
            ),
        ] as [(UInt64, [String], [UInt64])]
    )
    func keysGiveTheirGoldenDraws(seed: UInt64, key: [String], expected: [UInt64]) {
        var generator = KeyedGenerator(seed: seed, key: key)
        #expect(expected.indices.map { _ in generator.next() } == expected)
    }

    @Test func boundedDrawsAreGolden() {
        var generator = KeyedGenerator(
            seed: 42,
            key: ["shots", "vqav2", "val2014", "262148000"]
        )
        #expect(
            (0..<12).map { _ in generator.next(below: 10) } == [9, 3, 7, 1, 5, 2, 3, 0, 4, 2, 2, 7]
        )
        // A third of all products is drawn again for this bound.
        var wide = KeyedGenerator(seed: 7, key: ["bound"])
        #expect(
            (0..<6).map { _ in wide.next(below: 6_148_914_691_236_517_205) } == [
                2_111_696_017_783_064_020, 5_229_211_041_537_085_868, 2_921_096_526_625_201_075,
                3_457_603_366_148_166_890, 550_178_430_480_104_021, 2_906_079_071_726_972_833,
            ]
        )
    }

    @Test func keyingLaterEqualsKeyingAtOnce() {
        var whole = KeyedGenerator(seed: 5, key: ["a", "b", "c"])
        var stepwise = KeyedGenerator(seed: 5, key: ["a", "b"]).keyed(by: "c")
        #expect(whole.next() == stepwise.next())
    }

    @Test(arguments: [
        (["ab", "c"], ["a", "bc"]), (["a"], ["a", ""]), (["a\u{0}"], ["a"]),
        (["e\u{301}"], ["\u{e9}"]), (["12345678"], ["12345678", ""]),
    ])
    func differentKeysDiffer(first: [String], second: [String]) {
        var left = KeyedGenerator(seed: 1, key: first)
        var right = KeyedGenerator(seed: 1, key: second)
        #expect(left.next() != right.next())
    }

    @Test func boundedDrawsAreUniform() {
        // χ² over 7 cells, 70,000 draws: 6 degrees of freedom, p = 10⁻⁴ at 27.9.
        var counts = [Int](repeating: 0, count: 7)
        for query in 0..<70_000 {
            var generator = KeyedGenerator(seed: 3, key: ["shots", "t", "s", String(query)])
            counts[generator.next(below: 7)] += 1
        }
        let chiSquared = counts.reduce(0.0) { sum, count in
            sum + (Double(count) - 10_000) * (Double(count) - 10_000) / 10_000
        }
        #expect(chiSquared < 27.9)
    }

    @Test func aBoundOfNothingTraps() async {
        await #expect(processExitsWith: .failure) {
            var generator = KeyedGenerator(seed: 1, key: [])
            _ = generator.next(below: 0)
        }
    }
}
