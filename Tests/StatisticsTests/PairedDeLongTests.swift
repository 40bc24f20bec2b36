import Foundation
import Statistics
import Testing

/// Against an implementation of others (tools/reference/delong_reference.py).
struct PairedDeLongTests {
    private struct File: Decodable {
        let cases: [Case]
    }

    struct Case: Decodable, Sendable {
        let classes: [Int]
        let first: [Double]
        let second: [Double]
        let firstArea: Double
        let secondArea: Double
        let z: Double
        let p: Double
    }

    static func cases() throws -> [Case] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/delong_paired.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(File.self, from: Data(contentsOf: file)).cases
    }

    @Test func areasDifferencesAndProbabilitiesAgree() throws {
        let cases = try Self.cases()
        #expect(cases.count == 24)
        for reference in cases {
            let estimate = try #require(
                PairedEstimate.areas(
                    of: reference.first,
                    and: reference.second,
                    isPositive: reference.classes.map { $0 == 1 }
                )
            )
            let difference = reference.secondArea - reference.firstArea
            #expect(abs(estimate.difference - difference) < 1e-10)
            #expect(abs((estimate.probability ?? -1) - reference.p) < 1e-10)
            // z gives the standard error, and that the interval.
            let reach = abs(difference / reference.z) * StandardNormal.quantile(0.975)
            let interval = try #require(estimate.interval)
            #expect(abs(interval.upperBound - difference - reach) < 1e-10)
        }
    }

    @Test func separatedClassesHaveNoIntervalAndEqualRanksABound() throws {
        let classes = [true, true, true, false, false, false]
        let (up, down) = ([4.0, 5, 6, 1, 2, 3], [1.0, 2, 3, 4, 5, 6])
        let reversed = try #require(PairedEstimate.areas(of: up, and: down, isPositive: classes))
        #expect(reversed.difference == -1 && reversed.interval == nil)
        #expect(reversed.probability == nil && reversed.reason != nil)
        let scaled = up.map { 2 * $0 }
        let same = try #require(PairedEstimate.areas(of: up, and: scaled, isPositive: classes))
        // 1 − 0.025^(1/3)
        #expect(abs((same.interval?.upperBound ?? 0) - 0.7075982) < 1e-6)
        #expect(same.difference == 0 && same.probability == 1)
        let equal = try #require(PairedEstimate.areas(of: up, and: up, isPositive: classes))
        #expect(equal.interval == 0...0 && equal.probability == 1)
        // Even where no interval could be made.
        let tiny = try #require(
            PairedEstimate.areas(of: [2, 1], and: [2, 1], isPositive: [true, false])
        )
        #expect(tiny.difference == 0 && tiny.probability == 1)
    }
}
