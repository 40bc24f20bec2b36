import Foundation
import StrictJSON
import TestSupport
import Testing

/// `report`: pages of a store.
struct ReportCommandTests {
    @Test func reportHasTablesCurvesAndSamples() throws {
        try CommandBench.with { bench in
            for shots in ["0", "2"] {
                let run = try bench.run("run", "vqav2", "--shots", shots, "--threads", "1")
                #expect(run.status == 0, "\(run.errors)")
            }
            let result = try bench.run("report", "--json")
            #expect(result.status == 0, "\(result.errors)")
            let answer = try #require(try result.objects().first)
            #expect(answer["runs"] == 2)
            let readme = try bench.text("reports/README.md")
            #expect(readme.contains("| 0 |") && readme.contains("[VQAv2](vqav2.md)"))
            _ = try MarkupOutline(try bench.text("reports/charts/vqav2.svg"))
            let index = try MarkupOutline(try bench.text("reports/site/index.html"))
            let pages = index.elements.compactMap { $0.value("href") }
            let samples = try #require(pages.first { $0.hasSuffix("-samples.html") })
            let page = try MarkupOutline(try bench.text("reports/site/" + samples))
            #expect(page.elements.count { $0.name == "details" } == 6)
            let pictures = page.elements.filter { $0.name == "img" }.compactMap { $0.value("src") }
            #expect(pictures.count >= 12)
            for picture in Set(pictures) {
                #expect(bench.exists("reports/site/runs/" + picture), "\(picture)")
            }
            #expect(page.text.contains("Question:"))
        }
    }

    @Test func theSameStoreGivesTheSameBytes() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            try bench.run("report", "--output", "a")
            try bench.run("report", "--output", "b")
            let names = try bench.text("a/.report-files")
            #expect(try bench.text("b/.report-files") == names)
            for name in names.split(separator: "\n") {
                #expect(try bench.bytes("a/\(name)") == bench.bytes("b/\(name)"), "\(name)")
            }
        }
    }

    @Test func picturesThatAreGoneAreSaid() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            try FileManager.default.removeItem(at: bench.file("coco/val2014"))
            let result = try bench.run("report")
            #expect(result.status == 0, "\(result.errors)")
            #expect(try bench.samplePages().allSatisfy { $0.contains("file is gone") })
        }
    }

    @Test func dataThatAreGoneLeaveTheOutputs() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            try FileManager.default.removeItem(at: bench.file("vqav2"))
            let result = try bench.run("report")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("prompts are not shown"))
            #expect(try bench.samplePages().allSatisfy { $0.contains("Not shown: ") })
        }
    }

    @Test func picturesAreBounded() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            let result = try bench.run("report", "--picture-limit", "0", "--json")
            let answer = try #require(try result.objects().first)
            #expect(answer["pictures"] == 0)
            #expect(answer["pictures_left_out"] != 0)
        }
    }

    @Test func nothingToReportIsSaid() throws {
        try CommandBench.with { bench in
            let result = try bench.run("report")
            #expect(result.status == 6)
        }
    }
}
