import Foundation
import Statistics
import TestSupport
import Testing

struct DetectableDifferenceTests {
    /// Values of statsmodels (tools/reference/power_reference.py): significance, power, count and
    /// the effect in standard deviations of a sample's score, or of a paired difference.
    private struct Fixture: Decodable {
        var independent: [[Double]]
        var paired: [[Double]]

        static let loaded = Result {
            let file = fixturesDirectory().appendingPathComponent("power.json")
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
        }
    }

    @Test func independentDifferencesAgreeWithStatsmodels() throws {
        let rows = try Fixture.loaded.get().independent
        #expect(rows.count == 25)
        for row in rows {
            let test = DetectableDifference(significance: row[0], power: row[1])
            let difference = test.ofIndependent(deviation: 0.4, count: Int(row[2]))
            #expect(isClose(difference, 0.4 * row[3], relative: 1e-12), "\(row): \(difference)")
        }
    }

    @Test(arguments: [-1, -0.3, 0, 0.5, 0.95])
    func pairedDifferencesAgreeWithStatsmodels(correlation: Double) throws {
        let rows = try Fixture.loaded.get().paired
        #expect(rows.count == 25)
        let deviation = 0.3 * (2 * (1 - correlation)).squareRoot()
        for row in rows {
            let test = DetectableDifference(significance: row[0], power: row[1])
            let difference = test.ofPaired(
                deviation: 0.3,
                correlation: correlation,
                count: Int(row[2])
            )
            let expected = deviation * row[3]
            #expect(isClose(difference, expected, relative: 1e-12), "\(row): \(difference)")
        }
    }

    @Test func theUsualTestFindsTwoPointEightStandardErrors() {
        #expect(abs(DetectableDifference().standardErrors - 2.8015818) < 1e-7)
    }

    @Test func uncorrelatedPairsAreIndependentSamples() {
        let test = DetectableDifference()
        let paired = test.ofPaired(deviation: 0.5, correlation: 0, count: 1000)
        #expect(paired == test.ofIndependent(deviation: 0.5, count: 1000))
    }

    @Test func whatNeverDiffersIsAlwaysFound() {
        let test = DetectableDifference()
        #expect(test.ofIndependent(deviation: 0, count: 10) == 0)
        #expect(test.ofPaired(deviation: 0.5, correlation: 1, count: 10) == 0)
    }
}
