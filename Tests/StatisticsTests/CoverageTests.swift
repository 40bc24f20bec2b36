import EvalCore
import Statistics
import Testing

/// How often 95 % intervals hold the true value.
///
/// Optimised (`make check`), every method is tried 4,000 times; in debug builds less often, and held
/// to a wider band. Each case prints a line of the table in docs/metrics.md.
struct CoverageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let method: SimulatedMethod
        let count: Int
        let value: Double

        var testDescription: String { "\(method.rawValue), n = \(count), value \(value)" }
    }

    private static let replicates = 4000

    private static func replicates(of method: SimulatedMethod) -> Int {
        #if DEBUG
        method.resamples ? 50 : 1000
        #else
        replicates
        #endif
    }

    static let cases = SimulatedMethod.allCases.flatMap { method in
        [0.2, 0.5, 0.8].map { Case(method: method, count: 600, value: $0) }
    }
    /// Few samples: what is too short, and by how much, is documented.
    static let smallCases = SimulatedMethod.allCases.flatMap { method in
        [30, 60, 150].map { Case(method: method, count: $0, value: 0.8) }
    }

    /// The share of intervals that hold the true value, of samples that have an interval.
    private func coverage(_ of: Case) -> (share: Double, replicates: Int) {
        let method = of.method
        let replicates = Self.replicates(of: method)
        var (covered, defined) = (0, 0)
        for replicate in 0..<replicates {
            var generator = KeyedGenerator(
                seed: UInt64(replicate),
                key: ["coverage", method.rawValue, "\(of.count)", "\(of.value)"]
            )
            guard let covers = method.covers(of.count, of.value, using: &generator) else {
                continue
            }
            defined += 1
            covered += covers ? 1 : 0
        }
        let share = Double(covered) / Double(max(defined, 1))
        print(
            "coverage | \(method.rawValue) | \(of.count) | \(of.value) |",
            "\((share * 1000).rounded() / 10) | \(replicates - defined) of \(replicates) without"
        )
        return (share, replicates)
    }

    /// 600 samples, 200 clusters of three.
    ///
    /// Intervals over seeds count a part of the items' noise twice and are longer.
    @Test(arguments: cases)
    func intervalsHoldTheTrueValueAsOftenAsTheySay(of: Case) {
        let (share, replicates) = coverage(of)
        // Three standard errors beyond the band of 4,000 replicates where there are fewer.
        let error = { (count: Int) in (0.0475 / Double(count)).squareRoot() }
        let slack = 3 * (error(replicates) - error(Self.replicates))
        let most = of.method == .seeds ? 0.99 : 0.965
        #expect(share >= 0.935 - slack && share <= most + slack, "\(share)")
    }

    @Test(arguments: smallCases)
    func fewSamplesCostLittleCoverage(of: Case) {
        let (share, replicates) = coverage(of)
        let slack = 3 * (0.09 / Double(replicates)).squareRoot()
        #expect(share >= 0.9 - slack, "\(share)")
    }

    /// 60 runs that are as good as their baselines, looked at together: a few pictures of each came
    /// out differently, one way or the other.
    @Test func sixtyComparisonsRaiseFewFalseAlarms() {
        let replicates = 400
        var alarms = 0
        for replicate in 0..<replicates {
            var generator = KeyedGenerator(seed: UInt64(replicate), key: ["alarms"])
            let probabilities = (0..<60).map { _ in
                let sums = (0..<4 + generator.next(below: 8)).map { _ in
                    Double(1 + generator.next(below: 3)) / (generator.next() & 1 == 0 ? 3 : -3)
                }
                return SignFlipTest.probability(of: sums, using: &generator)
            }
            alarms += HolmAdjustment.adjusted(probabilities).contains { $0 < 0.05 } ? 1 : 0
        }
        #expect(alarms <= 20 + 13, "\(alarms) of \(replicates)")  // three standard errors
    }

    /// Catches a standard error divided by √B, and the like.
    @Test(arguments: [50, 500, 5000])
    func bootstrapsHaveTheErrorOfTheFormula(count: Int) throws {
        var generator = KeyedGenerator(seed: 1, key: ["error"])
        let values = (0..<count).map { _ in Double(generator.next(below: 101)) / 100 }
        let interval = try #require(
            Bootstrap(count: count, resampleCount: 2000).intervals(
                of: [
                    { multiplicities in
                        zip(multiplicities, values).reduce(0) { $0 + Double($1.0) * $1.1 }
                            / Double(count)
                    }
                ],
                using: &generator
            )[0]
        )
        let error = try #require(MeanEstimate(of: values).standardError)
        let reach = StandardNormal.quantile(0.975) * error
        let ratio = (interval.upperBound - interval.lowerBound) / (2 * reach)
        #expect(ratio > 0.93 && ratio < 1.07, "\(ratio)")
    }

    /// DeLong's error against the spread of areas over resamples of each class.
    @Test(arguments: [0.6, 0.8, 0.95])
    func areasHaveTheErrorOfAStratifiedBootstrap(area: Double) throws {
        var generator = KeyedGenerator(seed: 2, key: ["areas"])
        let shift = 2.0.squareRoot() * StandardNormal.quantile(area)
        func normal() -> Double {
            StandardNormal.quantile((Double(generator.next() >> 12) + 0.5) / 4_503_599_627_370_496)
        }
        let classes = (0..<240).map { $0 < 120 }
        let scores = classes.map { normal() + ($0 ? shift : 0) }
        let estimate = DeLongEstimate(of: scores, isPositive: classes)
        let areas = try (0..<1000).map { _ in
            let drawn = (0..<240).map { index in
                scores[generator.next(below: 120) + (index < 120 ? 0 : 120)]
            }
            return try #require(DeLongEstimate(of: drawn, isPositive: classes).value)
        }
        let spread = try #require(MeanEstimate(of: areas).standardError) * 1000.0.squareRoot()
        let ratio = spread / (try #require(estimate.standardError))
        #expect(ratio > 0.9 && ratio < 1.1, "\(ratio)")
    }
}
