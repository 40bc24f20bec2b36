import EvalCore
import Foundation
import Statistics
import TestSupport
import Testing

struct PairedEstimateTests {
    private func estimate(_ a: [Double], _ b: [Double], _ clusters: [Int]? = nil) -> PairedEstimate
    {
        var generator = KeyedGenerator(seed: 1, key: ["test"])
        return PairedEstimate(
            of: a,
            and: b,
            clusters: clusters ?? Array(a.indices),
            using: &generator
        )
    }

    private func scores(_ count: Int, seed: UInt64) -> [Double] {
        var generator = KeyedGenerator(seed: seed, key: ["scores"])
        return (0..<count).map { _ in Double(generator.next(below: 11)) / 10 }
    }

    @Test func identicalResultsDifferByNothing() {
        let a = scores(200, seed: 3)
        let estimate = estimate(a, a)
        #expect(estimate.difference == 0 && estimate.probability == 1)
        #expect(estimate.interval == 0...0 && estimate.equivalenceInterval == 0...0)
    }

    @Test(arguments: [nil, 40])
    func exchangingTheResultsNegatesToTheBit(clusterCount: Int?) throws {
        let (a, b) = (scores(200, seed: 4), scores(200, seed: 5))
        let clusters = clusterCount.map { count in a.indices.map { $0 % count } }
        let (there, back) = (estimate(a, b, clusters), estimate(b, a, clusters))
        #expect(there.difference == -back.difference && there.difference != 0)
        #expect(there.probability == back.probability)
        let (one, other) = (try #require(there.interval), try #require(back.interval))
        #expect(one.lowerBound == -other.upperBound && one.upperBound == -other.lowerBound)
    }

    @Test func aShiftIsFoundAndNoiseIsNot() throws {
        let a = scores(400, seed: 6)
        let noisy = zip(a, scores(400, seed: 7)).map { $0 + ($1 - 0.5) * 0.2 }
        let worse = noisy.map { $0 - 0.05 }
        #expect(try #require(estimate(a, worse).probability) < 0.001)
        #expect(try #require(estimate(a, worse).interval).upperBound < 0)
        #expect(try #require(estimate(a, noisy).probability) > 0.05)
    }

    @Test func yesOrNoResultsAreTestedExactly() {
        let a = [Double](repeating: 1, count: 20)
        var b = a
        for index in 0..<6 { b[index] = 0 }
        let estimate = estimate(a, b)
        #expect(abs((estimate.probability ?? 0) - 0.03125) < 1e-14)
        #expect(estimate.method.contains("McNemar"))
    }

    @Test func oneClusterHasNoInterval() {
        let estimate = estimate([0, 1, 1], [1, 1, 1], [0, 0, 0])
        #expect(estimate.interval == nil && estimate.probability == nil)
        #expect(estimate.reason != nil)
        #expect(self.estimate([], []).reason == "no pairs")
    }

    @Test(
        "binomial tails",
        arguments: [
            (0, 0, 1.0), (5, 5, 1.0), (4, 5, 1.0), (0, 6, 0.03125), (1, 8, 0.0390625),
            (2, 10, 0.03857421875), (33, 41, 0.4159851975073048),
        ]
    )
    func mcNemarIsExact(gained: Int, lost: Int, p: Double) {
        #expect(abs(McNemarTest.probability(gained: gained, lost: lost) - p) < 1e-6)
        #expect(
            McNemarTest.probability(gained: gained, lost: lost)
                == McNemarTest.probability(gained: lost, lost: gained)
        )
    }

    @Test func holmMultipliesBySmallerAndSmallerNumbers() {
        #expect(HolmAdjustment.adjusted([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02])
        #expect(HolmAdjustment.adjusted([0.5, 0.9]) == [1, 1])
        #expect(HolmAdjustment.adjusted([]).isEmpty)
    }

    @Test func areasAreComparedByTheirCovariance() throws {
        let classes = (0..<60).map { $0 % 3 == 0 }
        let a = zip(scores(60, seed: 8), classes).map { $0 + ($1 ? 0.3 : 0) }
        let b = zip(a, scores(60, seed: 9)).map { $0 * 0.8 + $1 * 0.2 }
        let there = try #require(PairedEstimate.areas(of: a, and: b, isPositive: classes))
        let back = try #require(PairedEstimate.areas(of: b, and: a, isPositive: classes))
        #expect(there.difference == -back.difference && there.probability == back.probability)
        let same = try #require(PairedEstimate.areas(of: a, and: a, isPositive: classes))
        #expect(same.difference == 0 && same.probability == 1 && same.interval == 0...0)
        #expect(PairedEstimate.areas(of: a, and: b, isPositive: a.map { _ in true }) == nil)
    }

    /// Differences of one size are McNemar's case.
    @Test(arguments: [(2, 10), (0, 6), (5, 5), (8, 20), (30, 12)])
    func signFlipsOfEqualDifferencesAreMcNemar(gained: Int, lost: Int) {
        let sums = (0..<gained).map { _ in 0.6 } + (0..<lost).map { _ in -0.6 } + [0, 0]
        var generator = KeyedGenerator(seed: 3, key: ["flips"])
        let p = SignFlipTest.probability(of: sums, using: &generator)
        let exact = McNemarTest.probability(gained: gained, lost: lost)
        // All signs of up to 12, else four standard errors of 9,999 draws.
        let slack = gained + lost <= 12 ? 1e-12 : 4 * (exact * (1 - exact) / 9_999).squareRoot()
        #expect(abs(p - exact) <= slack, "\(p) and \(exact)")
        var again = KeyedGenerator(seed: 3, key: ["flips"])
        #expect(SignFlipTest.probability(of: sums.map { -$0 }, using: &again) == p)
    }

    @Test func differencesOfNothingHaveNoSign() {
        var generator = KeyedGenerator(seed: 3, key: ["flips"])
        #expect(SignFlipTest.probability(of: [0, 0], using: &generator) == 1)
        #expect(SignFlipTest.probability(of: [0.4], using: &generator) == 1)
    }
}
