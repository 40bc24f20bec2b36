import Statistics
import Testing

struct MeanEstimateTests {
    @Test func meansAndIntervalsAgreeWithSciPy() throws {
        for row in try StatisticsFixture.loaded.get().means {
            let estimate =
                row.clusters.map { MeanEstimate(of: row.values, clusters: $0) }
                ?? MeanEstimate(of: row.values)
            let value = try #require(estimate.value)
            let error = try #require(estimate.standardError)
            let interval = try #require(estimate.interval)
            let actual = [value, error, interval.lowerBound, interval.upperBound]
            for (actual, expected) in zip(actual, row.expected) {
                #expect(abs(actual - expected) < 1e-12, "\(row)")
            }
            #expect(estimate.reason == nil)
            #expect(estimate.clusterCount == Set(row.clusters ?? Array(row.values.indices)).count)
        }
    }

    @Test func clustersOfOneGiveThePlainInterval() {
        let values = [0, 0.3, 1, 1, 0.6]
        let plain = MeanEstimate(of: values)
        let clustered = MeanEstimate(of: values, clusters: [4, 2, 0, 1, 3])
        #expect(clustered.value == plain.value)
        #expect(abs((clustered.standardError ?? 0) - (plain.standardError ?? 1)) < 1e-16)
        #expect(plain.method == "t" && clustered.method == "clustered t")
    }

    @Test func dependenceWithinClustersWidensTheInterval() throws {
        let values = [1.0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]
        let together = MeanEstimate(of: values, clusters: [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3])
        let apart = MeanEstimate(of: values)
        #expect(try #require(together.standardError) > #require(apart.standardError))
    }

    @Test(
        arguments: [
            ([], [], nil, "no scored samples"),
            ([0.3], [0], 0.3, "no interval: one cluster (two are needed)"),
            ([0, 1], [1, 1], 0.5, "no interval: one cluster (two are needed)"),
            ([1, 1, 1], [0, 1, 2], 1, "no interval: all 3 values are equal"),
            ([0, 1, 1, 0], [0, 0, 1, 1], 0.5, "no interval: the spread between clusters is 0.0"),
            ([0, .nan], [0, 1], nil, "a score is not finite"),
            ([0, .infinity], [0, 1], nil, "a score is not finite"),
            (
                [.greatestFiniteMagnitude, .greatestFiniteMagnitude], [0, 1], nil,
                "the sum of the scores is not finite"
            ),
        ] as [([Double], [Int], Double?, String)]
    )
    func undefinedEstimatesSayWhy(
        values: [Double],
        clusters: [Int],
        mean: Double?,
        reason: String
    ) {
        let estimate = MeanEstimate(of: values, clusters: clusters)
        #expect(estimate.value == mean)
        #expect(estimate.interval == nil)
        #expect(estimate.standardError == nil)
        #expect(estimate.reason == reason)
    }

    @Test func oneValueHasNoInterval() {
        let estimate = MeanEstimate(of: [0.9])
        #expect(estimate.value == 0.9)
        #expect(estimate.reason == "no interval: one value (two are needed)")
    }

    @Test func longSumsKeepTheirDigits() {
        let values = [Double](repeating: 0.1, count: 200_000) + [0.3]
        let expected = (200_000 * 0.1 + 0.3) / 200_001
        #expect(abs((MeanEstimate(of: values).value ?? 0) - expected) < 1e-16)
    }

    @Test(arguments: [(8, 1), (40, 3)])
    func intervalsCoverTheTruthNineteenTimesInTwenty(clusterCount: Int, size: Int) {
        var generator = Generator(state: UInt64(size))
        let trials = 2_000
        var covered = 0
        for _ in 0..<trials {
            var values: [Double] = []
            var clusters: [Int] = []
            for cluster in 0..<clusterCount {
                let common = generator.normal()
                for _ in 0..<size {
                    values.append(common + generator.normal())
                    clusters.append(cluster)
                }
            }
            let estimate = MeanEstimate(of: values, clusters: clusters)
            covered += estimate.interval?.contains(0) == true ? 1 : 0
        }
        // Three standard errors of a share of 0.95 over 2,000 trials.
        #expect(abs(Double(covered) / Double(trials) - 0.95) < 0.0147)
    }
}

/// SplitMix64, for the simulation.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func normal() -> Double {
        StandardNormal.quantile(Double.random(in: 1e-12..<1, using: &self))
    }
}
