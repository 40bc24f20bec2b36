import EvalCore
import Reporting
import Statistics
import Testing

struct SeedGroupTests {
    private static func run(
        _ name: String,
        seed: UInt64,
        value: Double? = 0.5,
        _ change: (inout RunFixture) -> Void = { _ in }
    ) -> RunSummary {
        var fixture = RunFixture(run: name, shots: 4, seed: seed, count: 4)
        fixture.value = value
        change(&fixture)
        return fixture.summary
    }

    @Test func itemsAreAveragedOverSeedsAndClustered() throws {
        let samples = StoredSamples()
        samples.add("a", [1, 0, 1, 0])
        samples.add("b", [1, 1, 0, 0])
        let runs = [Self.run("b", seed: 2, value: 0.5), Self.run("a", seed: 1, value: 0.6)]
        let group = try #require(try SeedGroup.groups(of: runs, reader: samples).first)
        #expect(group.seeds == [1, 2])
        let items = MeanEstimate(of: [1, 0.5, 0.5, 0], clusters: [0, 0, 1, 1])
        #expect(group.estimate.itemError == items.standardError)
        #expect(abs(group.estimate.mean - 0.55) < 1e-15)
        let spread = try #require(group.estimate.spread)
        #expect(abs(spread - 0.005.squareRoot()) < 1e-15)
        #expect(group.itemMethod.contains("clustered"))
    }

    @Test(
        arguments: [
            ([1, 0, nil, 1], nil), ([1, 0, 1], nil), ([1, 0, 1, 0, 1], nil),
            ([1, 0, 1, 0], ["s0", "s1", "s2", "x"]), ([1, 0, 1, 0], ["s1", "s0", "s2", "s3"]),
        ] as [([Double?], [String]?)]
    )
    func otherItemsFallBackOnTheRunsIntervals(scores: [Double?], ids: [String]?) throws {
        let samples = StoredSamples()
        samples.add("a", [1, 0, 1, 0])
        samples.add("b", scores, ids: ids)
        let runs = [Self.run("a", seed: 1), Self.run("b", seed: 2)]
        for runs in [runs, runs.reversed()] {
            let group = try #require(try SeedGroup.groups(of: runs, reader: samples).first)
            #expect(group.itemMethod == "mean of the runs' intervals")
            let error = 0.12 / (2 * StandardNormal.quantile(0.975))
            #expect(abs(try #require(group.estimate.itemError) - error) < 1e-15)
        }
    }

    @Test func onlyTheSeedMayDiffer() throws {
        let samples = StoredSamples()
        let changes: [(inout RunFixture) -> Void] = [
            { $0.shots = 8 }, { $0.precision = "int8" }, { $0.data = "e" }, { $0.weights = "v" },
            { $0.task = "okvqa" }, { $0.limit = 3 }, { $0.variant = "instruct" },
            { $0.status = .interrupted }, { $0.value = nil },
        ]
        for change in changes {
            let runs = [Self.run("a", seed: 1), Self.run("b", seed: 2, change)]
            #expect(try SeedGroup.groups(of: runs, reader: samples).isEmpty)
        }
        let same = [Self.run("a", seed: 1), Self.run("b", seed: 1)]
        #expect(try SeedGroup.groups(of: same, reader: samples).isEmpty)
    }

    @Test func tableNamesSeedsMeanAndSpread() throws {
        let samples = StoredSamples()
        samples.add("a", [1, 0, 1, 0])
        samples.add("b", [1, 1, 0, 0])
        let runs = [Self.run("a", seed: 1, value: 0.5), Self.run("b", seed: 2, value: 0.6)]
        let groups = try SeedGroup.groups(of: runs, reader: samples)
        let table = SeedTable(groups, titles: ["vqav2": "VQAv2"])
        #expect(table.markdown.contains("| SD over seeds |"))
        #expect(table.markdown.contains(#"| 1, 2 | 55.0 \[0.0, 100.0\] "#))
        #expect(table.markdown.contains("| 7.07 | 50.0–60.0 |"))
        #expect(table.text.contains("VQAv2 val2014 VQA acc."))
        #expect(SeedTable([]).markdown.isEmpty && SeedTable([]).text.isEmpty)
        let records = TableRecords(ResultTable(runs), seeds: groups)
        #expect(records.csv.contains("seeds,seed_sd\r\n"))
        #expect(records.csv.contains(",1 2,0.0707"))
        #expect(records.json.contains("\"seed\":null"))
        let plain = TableRecords(ResultTable(runs))
        #expect(!plain.csv.contains("seed_sd"))
        let matrix = MatrixTable(runs, groups, titles: [:]).text
        #expect(matrix.split(separator: "\n").count == 3)
        #expect(matrix.contains("1,2"))
    }
}
