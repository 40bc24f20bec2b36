import EvalCore
import Foundation
import Reporting
import TestSupport
import Testing

/// README, task pages and charts.
struct MarkdownReportTests {
    @Test func readmeIsAsRecorded() throws {
        try golden(try Self.file("README.md"), named: "report/README.md")
    }

    @Test func taskPageIsAsRecorded() throws {
        try golden(try Self.file("okvqa.md"), named: "report/okvqa.md")
    }

    @Test func chartIsAsRecorded() throws {
        try golden(try Self.file("charts/okvqa.svg"), named: "report/okvqa.svg")
    }

    @Test func chartOfOneNumberOfShotsIsAsRecorded() throws {
        var fixture = RunFixture(task: "winoground", split: "test", metric: "group_score")
        fixture.drawsShots = false
        fixture.support = nil
        let source = ReportSource(
            runs: [fixture.summary],
            titles: ["winoground": "Winoground"],
            published: try PublishedFixture.shipped()
        )
        let files = MarkdownReport(source).files
        let chart = try #require(files.first { $0.path == "charts/winoground.svg" })
        try golden(String(decoding: chart.bytes, as: UTF8.self), named: "report/winoground.svg")
    }

    @Test func chartsAreWellFormedAndHaveNoScript() throws {
        let source = ReportSource(
            runs: CardFixture.runs([0, 4]).map(\.summary),
            titles: [:],
            published: try PublishedFixture.shipped()
        )
        let files = MarkdownReport(source).files.filter { $0.path.hasSuffix(".svg") }
        #expect(files.count == 17)
        for file in files {
            let outline = try MarkupOutline(String(decoding: file.bytes, as: UTF8.self))
            #expect(!outline.elements.contains { ["script", "image", "a"].contains($0.name) })
            for element in outline.elements {
                for name in ["x", "y", "cx", "cy"] {
                    guard let value = element.value(name) else { continue }
                    let number = try #require(Double(value), "\(file.path) \(name)=\(value)")
                    #expect((-1...1000).contains(number), "\(file.path) \(name)=\(value)")
                }
            }
        }
    }

    @Test(arguments: HostileTexts.all)
    func dataAddsNothingToCharts(text: String) throws {
        func shapes(_ fixture: ReportFixture) throws -> [String: Int] {
            let files = MarkdownReport(fixture.source()).files.filter { $0.path.hasSuffix(".svg") }
            #expect(files.count == 1)
            return try files.flatMap {
                try MarkupOutline(String(decoding: $0.bytes, as: UTF8.self)).elements
            }
            .reduce(into: [:]) { $0[$1.shape, default: 0] += 1 }
        }
        #expect(try shapes(ReportFixture(text: text)) == shapes(ReportFixture(text: "plain")))
    }

    @Test(arguments: HostileTexts.all)
    func dataBreaksNoTable(text: String) throws {
        func pipes(_ fixture: ReportFixture) -> [Int] {
            MarkdownReport(fixture.source()).files.filter { $0.path.hasSuffix(".md") }.flatMap {
                file in
                let text = String(decoding: file.bytes, as: UTF8.self)
                    .replacingOccurrences(of: "\\|", with: "")
                return text.split(separator: "\n").map { $0.utf8.count { $0 == UInt8(ascii: "|") } }
            }
        }
        #expect(pipes(ReportFixture(text: text)) == pipes(ReportFixture(text: "plain")))
    }

    @Test func pagesSayNothingOfTimesAndMachines() throws {
        var early = ReportFixture().runs
        for index in early.indices {
            early[index].started = Date(timeIntervalSince1970: 99)
            early[index].finished = Date(timeIntervalSince1970: 999)
            early[index].plan.attempt.cpu = "another"
        }
        let source = ReportSource(runs: early, titles: ReportFixture().titles)
        #expect(MarkdownReport(source).files == MarkdownReport(ReportFixture().source()).files)
    }

    private static func file(_ path: String) throws -> String {
        let source = ReportFixture().source(published: try PublishedFixture.shipped())
        let files = MarkdownReport(source).files
        let file = try #require(files.first { $0.path == path })
        return String(decoding: file.bytes, as: UTF8.self)
    }
}
