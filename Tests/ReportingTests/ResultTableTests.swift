import EvalCore
import Reporting
import TestSupport
import Testing

struct ResultTableTests {
    private func markdown(_ fixtures: [RunFixture]) -> String {
        MarkdownTable(ResultTable(fixtures.map(\.summary)), titles: ["vqav2": "VQAv2"]).text
    }

    private var everyCase: [RunFixture] {
        let subset = ["160 of 214354 published questions"]
        return [
            RunFixture(run: "a1", shots: 8),
            RunFixture(run: "a2"),
            RunFixture(
                run: "a3",
                model: "checkpoint",
                count: 160,
                published: 214_354,
                reasons: subset,
                isDemo: true,
                value: 0.707
            ),
            RunFixture(run: "a4", task: "okvqa", shots: 8, errors: 3),
            RunFixture(run: "a5", task: "okvqa", value: nil, interval: nil),
            RunFixture(run: "a6", status: .interrupted),
            RunFixture(run: "a7", count: 10, published: 100, reasons: ["10 of 100 published"]),
            RunFixture(run: "a8", task: "test", submission: "results/a8.json"),
        ]
    }

    @Test func cardLayoutHasMarksAndFootnotes() throws {
        try golden(markdown(everyCase), named: "tables/card.md")
    }

    @Test func dataFormatsHaveEveryCell() throws {
        let records = TableRecords(ResultTable(everyCase.map(\.summary)))
        try golden(records.csv, named: "tables/card.csv")
        try golden(records.json, named: "tables/card.json")
    }

    @Test func emptyStoreHasNoTable() {
        #expect(markdown([]) == "No finished run to show.\n")
        let text = markdown([RunFixture(run: "x", status: .interrupted)])
        #expect(text == "No finished run to show.\n\nNot finished: x (100/100).\n")
    }

    @Test func settingsThatDifferGetAColumn() {
        let text = markdown([RunFixture(run: "a"), RunFixture(run: "b", precision: "f32")])
        #expect(text.hasPrefix("| Model | Shots | Precision | VQAv2 VQA acc. |\n"))
        #expect(!text.contains("precision bf16"))
    }

    @Test func checkpointsOfOneNameAreToldApart() {
        let text = markdown([
            RunFixture(run: "a", weights: "1234567890"),
            RunFixture(run: "b", weights: "9876543210"),
        ])
        #expect(text.contains("idefics-9b (12345678)"))
        #expect(text.contains("idefics-9b (98765432)"))
    }

    @Test func fullerThenLaterRunHasTheCell() {
        let table = ResultTable(
            [
                RunFixture(run: "full"),
                RunFixture(run: "part", count: 10, reasons: ["10 of 100"]),
                RunFixture(run: "again"),
            ].map(\.summary)
        )
        #expect(table.cells.map(\.run.run) == ["again"])
        #expect(Set(table.displacedRuns.map(\.run)) == ["part", "full"])
    }

    @Test func dataCannotBreakTheTable() {
        let text = markdown([RunFixture(run: "a", model: "a|b\n<img src=x>`[x](y)\u{202E}")])
        let row = text.split(separator: "\n")[2]
        #expect(row.hasPrefix("| a\\|b\\\\n&lt;img src=x&gt;\\`\\[x\\](y)\\\\u{202e} | 0 |"))
    }

    @Test func csvQuotesWhatNeedsIt() {
        let records = TableRecords(ResultTable([RunFixture(run: "a", model: "x\",\ny").summary]))
        #expect(records.csv.contains("\r\n\"x\"\",\ny\",0,random,,2048,42,"))
    }
}
