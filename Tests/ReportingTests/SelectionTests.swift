import EvalCore
import Reporting
import TestSupport
import Testing

/// Runs whose shots RICES chose, in tables and lines.
struct SelectionTests {
    /// ImageNet, 16 shots, as the model card's two rows of the 9B model have it.
    private static func run(
        _ run: String,
        selection: String = "rices",
        encoder: String? = "clip-vit-base-patch32",
        support: Int = 5000,
        value: Double = 0.641
    ) -> RunFixture {
        RunFixture(
            run: run,
            task: "imagenet",
            split: "val",
            metric: "accuracy",
            shots: 16,
            selection: selection,
            encoder: selection == "rices" ? encoder : nil,
            support: support,
            value: value,
            interval: value - 0.012...value + 0.012
        )
    }

    private static let random = run("a1", selection: "random", support: 1000, value: 0.529)

    private func table(_ runs: [RunFixture]) throws -> ResultTable {
        let choice = try PublishedChoice(try PublishedFixture.shipped())
        return ResultTable(runs.map(\.summary), published: choice)
    }

    private func markdown(_ runs: [RunFixture]) throws -> String {
        MarkdownTable(try table(runs), titles: ["imagenet": "ImageNet"]).text
    }

    @Test func eachSelectionStandsBesideItsOwnPublishedNumber() throws {
        let runs = [Self.run("a2"), Self.random]
        let text = try markdown(runs)
        try golden(text, named: "tables/selections.md")
        #expect(text.contains("| random | 52.9 ± 1.2 | 53.5 (\u{2212}0.6) |"))
        #expect(text.contains("| RICES | 64.1 ± 1.2 | 64.5 (\u{2212}0.4) |"))
        #expect(text.contains("compared by the encoder clip-vit-base-patch32."))
        let records = TableRecords(try table(runs))
        try golden(records.csv, named: "tables/selections.csv")
        try golden(records.json, named: "tables/selections.json")
    }

    @Test func aTableOfOneSelectionNamesItBelow() throws {
        let text = try markdown([Self.run("a")])
        #expect(text.contains("\n- Selection RICES, seed 42, "))
        #expect(text.contains("compared by the encoder clip-vit-base-patch32."))
        #expect(!(try markdown([Self.random]).contains("RICES")))
    }

    @Test(arguments: [("rices", 0.645), ("random", nil), ("none", nil), ("fixed", nil)])
    func publishedNumbersAreOfTheSameSelection(selection: String, value: Double?) throws {
        let run = Self.run("a", selection: selection)
        #expect(try table([run]).cells[0].published?.result.value == value)
    }

    @Test func supportSetsOfSeveralSizesHaveRowsOfTheirOwn() throws {
        let runs = [Self.run("a"), Self.run("b", support: 1000), Self.run("c", support: 12_000)]
        let table = try table(runs)
        #expect(
            table.rows.map { $0.settings[0] }
                == ["RICES, support 1000", "RICES, support 5000", "RICES, support 12000"]
        )
        #expect(table.displacedRuns.isEmpty)
        #expect(table.cells.map { $0.published?.result.value } == [nil, 0.645, nil])
        // Where each selection has one size, that size is as usual.
        #expect(
            try self.table([Self.run("a"), Self.random]).rows.map { $0.settings[0] }
                == ["random", "RICES"]
        )
    }

    @Test func encodersAreToldApart() throws {
        let runs = [Self.run("a"), Self.run("b", encoder: "clip|large"), Self.random]
        let table = try table(runs)
        #expect(
            table.rows.map { $0.settings[0] }
                == ["random", "RICES by clip-vit-base-patch32", "RICES by clip|large"]
        )
        #expect(table.displacedRuns.isEmpty)
        let text = try markdown(runs)
        #expect(text.contains("the encoder clip-vit-base-patch32, clip\\|large."))
        #expect(text.contains("| RICES by clip\\|large |"))
    }

    @Test func aLaterRunOfTheSameSelectionHasTheCell() throws {
        let table = try table([Self.run("a"), Self.run("b")])
        #expect(table.cells.map(\.run.run) == ["b"])
        #expect(table.displacedRuns.map(\.run) == ["a"])
    }

    @Test func linesSayWhatChoseTheShots() {
        let rices = Self.run("a").summary
        #expect(
            RunText.title(rices.plan)
                == "imagenet val, 16 shots (RICES by clip-vit-base-patch32), m4 base, bf16, "
                + "seed 42, idefics-9b"
        )
        #expect(RunText.title(Self.random.summary.plan).contains(", 16 shots (random), "))
        #expect(RunText.line(rices, seconds: 1).hasPrefix("imagenet val, 16 shots (RICES): Acc. "))
        #expect(
            RunText.line(Self.random.summary, seconds: 1)
                .hasPrefix("imagenet val, 16 shots: Acc. ")
        )
        #expect(RunText.list([rices]).contains("  RICES m4 base bf16 s42  "))
        #expect(
            RunText.provenance(rices)
                .contains("clip-vit-base-patch32, digest of clip-vit-base-patch32")
        )
        #expect(!RunText.provenance(Self.random.summary).contains("encoder"))
    }

    @Test func shotsHaveTheirSimilarity() {
        var record = SampleRecord(ordinal: 0, id: "q", cluster: "q")
        record.shotIDs = ["12", "7"]
        #expect(RunText.shots(of: record) == "12, 7")
        record.similarities = [0.8714, 0.9]
        #expect(RunText.shots(of: record) == "12 (0.871), 7 (0.900)")
        record.shotsAreTextOnly = true
        #expect(RunText.shots(of: record) == "12 (0.871), 7 (0.900) (as text only)")
        #expect(RunText.shots(of: SampleRecord(ordinal: 0, id: "q", cluster: "q")).isEmpty)
    }
}
