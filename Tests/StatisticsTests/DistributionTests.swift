import Statistics
import Testing

struct DistributionTests {
    @Test func quantilesOfStudentsTAreAccurate() throws {
        let rows = try StatisticsFixture.loaded.get().t
        #expect(rows.count == 156)
        for row in rows {
            let actual = StudentT(degreesOfFreedom: row[1]).quantile(row[0])
            #expect(isClose(actual, row[2], relative: 1e-10), "\(row): \(actual)")
        }
    }

    @Test func sharesOfStudentsTAreAccurate() throws {
        for row in try StatisticsFixture.loaded.get().t_below {
            let actual = StudentT(degreesOfFreedom: row[1]).cumulative(row[0])
            #expect(isClose(actual, row[2], relative: 1e-11), "\(row): \(actual)")
        }
    }

    @Test func normalQuantilesAreAccurate() throws {
        for row in try StatisticsFixture.loaded.get().normal {
            let actual = StandardNormal.quantile(row[0])
            #expect(abs(actual - row[1]) <= 2e-15 + 1e-14 * abs(row[1]), "\(row): \(actual)")
        }
        #expect(abs(StandardNormal.quantile(1e-300) + 37.0471) < 1e-4)
    }

    @Test func incompleteBetaIsAccurate() throws {
        for row in try StatisticsFixture.loaded.get().beta {
            let actual = regularizedIncompleteBeta(row[0], a: row[1], b: row[2])
            #expect(isClose(actual, row[3], relative: 1e-11), "\(row): \(actual)")
        }
    }

    @Test(arguments: [0.6, 0.975, 0.9999999])
    func quantileAndShareAreInverse(p: Double) {
        for df in [1.0, 1.5, 12, 1e5, 1e9] {
            let t = StudentT(degreesOfFreedom: df)
            #expect(isClose(t.cumulative(t.quantile(p)), p, relative: 1e-13))
            #expect(t.quantile(1 - p) + t.quantile(p) <= 1e-8 * t.quantile(p))
        }
    }

    @Test func quantilesGrowWithTheShare() {
        for df in [1.0, 4, 213_999] {
            let quantiles = stride(from: 0.001, to: 1, by: 0.001)
                .map { StudentT(degreesOfFreedom: df).quantile($0) }
            #expect(zip(quantiles, quantiles.dropFirst()).allSatisfy { $0 < $1 })
        }
    }
}
