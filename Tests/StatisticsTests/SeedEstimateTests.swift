import Statistics
import Testing

struct SeedEstimateTests {
    @Test func errorsOfItemsAndSeedsAreAddedNotPooled() throws {
        let estimate = SeedEstimate(
            of: [0.5, 0.53, 0.56],
            itemError: 0.02,
            itemDegreesOfFreedom: 99
        )
        #expect(abs(estimate.mean - 0.53) < 1e-15)
        #expect(abs(try #require(estimate.spread) - 0.03) < 1e-15)
        #expect(estimate.range == 0.5...0.56)
        // 0.02² + 0.03²/3
        let error = (0.0004 + 0.0003).squareRoot()
        #expect(abs(try #require(estimate.standardError) - error) < 1e-15)
        // Satterthwaite: (4e-4 + 3e-4)² / (16e-8/99 + 9e-8/2) = 10.51172…
        let degrees = 49e-8 / (16e-8 / 99 + 9e-8 / 2)
        let reach = StudentT(degreesOfFreedom: degrees).quantile(0.975) * error
        let interval = try #require(estimate.interval)
        #expect(abs(interval.upperBound - (0.53 + reach)) < 1e-14)
        #expect(abs(interval.lowerBound - (0.53 - reach)) < 1e-14)
    }

    @Test func equalSeedsLeaveTheItemsError() throws {
        let estimate = SeedEstimate(of: [0.5, 0.5], itemError: 0.1, itemDegreesOfFreedom: 49)
        #expect(estimate.spread == 0)
        #expect(abs(try #require(estimate.standardError) - 0.1) < 1e-16)
        let reach = StudentT(degreesOfFreedom: 49).quantile(0.975) * 0.1
        #expect(abs(try #require(estimate.interval?.upperBound) - (0.5 + reach)) < 1e-12)
    }

    @Test func oneSeedHasNoSpread() {
        let estimate = SeedEstimate(of: [0.4], itemError: 0.1, itemDegreesOfFreedom: 9)
        #expect(estimate.mean == 0.4)
        #expect(estimate.spread == nil && estimate.standardError == nil)
        #expect(estimate.interval == nil)
    }

    @Test func withoutTheItemsErrorThereIsNoInterval() {
        let estimate = SeedEstimate(of: [0.4, 0.6], itemError: nil, itemDegreesOfFreedom: 9)
        #expect(estimate.spread != nil)
        #expect(estimate.standardError == nil && estimate.interval == nil)
    }
}
