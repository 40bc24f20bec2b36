import Foundation
import TestSupport
import Testing

/// Where `report` writes: nothing but reports is overwritten or removed.
struct ReportFolderTests {
    @Test func staleFilesGoAndOtherFilesStay() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            try bench.run("report")
            #expect(bench.exists("reports/site/index.html"))
            try Data("mine".utf8).write(to: bench.folder.appendingPathComponent("reports/notes.md"))
            try bench.run("report", "--no-site")
            #expect(!bench.exists("reports/site/index.html"))
            #expect(try bench.text("reports/notes.md") == "mine")
        }
    }

    @Test func aFileThatIsNotOfAReportIsNotOverwritten() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            try Data("mine".utf8).write(to: bench.folder.appendingPathComponent("README.md"))
            let result = try bench.run("report", "--output", ".")
            #expect(result.status == 2)
            #expect(result.errors.contains("README.md exists and is not of a report"))
            #expect(try bench.text("README.md") == "mine")
        }
    }

    @Test func aListThatLeadsOutsideIsRefused() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            let reports = bench.folder.appendingPathComponent("reports")
            try FileManager.default.createDirectory(at: reports, withIntermediateDirectories: true)
            try Data("../data/x\n".utf8).write(to: reports.appendingPathComponent(".report-files"))
            let result = try bench.run("report")
            #expect(result.status == 2)
            #expect(result.errors.contains("not a report's list of files"))
        }
    }

    @Test func whatAKilledReportLeftIsTakenOver() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            try bench.run("report")
            // Killed while it wrote its second page and the third one's line.
            let page = bench.folder.appendingPathComponent("reports/site/index.html")
            try Data("half".utf8).write(to: page)
            let list = bench.folder.appendingPathComponent("reports/.report-files")
            let names = try bench.text("reports/.report-files").split(separator: "\n")
            try Data("README.md\nsite/index.html\nsite/gone.html\nsit".utf8).write(to: list)
            for name in names where name != "README.md" && name != "site/index.html" {
                let file = bench.folder.appendingPathComponent("reports/\(name)")
                try FileManager.default.removeItem(at: file)
            }
            let result = try bench.run("report")
            #expect(result.status == 0, "\(result.errors)")
            #expect(try bench.text("reports/site/index.html").contains("</html>"))
            #expect(try !bench.text("reports/.report-files").contains("gone"))
        }
    }

    @Test func foldersAndLinkedFilesOnAListStay() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            try bench.run("report", "--no-site")
            let manager = FileManager.default
            let (mine, outside) = ("reports/site/mine", "outside")
            for folder in [mine, outside] {
                let url = bench.folder.appendingPathComponent(folder)
                try manager.createDirectory(at: url, withIntermediateDirectories: true)
                try Data("mine".utf8).write(to: url.appendingPathComponent("a.txt"))
            }
            try manager.createSymbolicLink(
                atPath: bench.folder.appendingPathComponent("reports/site/o").path,
                withDestinationPath: "../../outside"
            )
            let list = bench.folder.appendingPathComponent("reports/.report-files")
            let more = "site/mine\nsite/o/a.txt\ncharts\n"
            let text = try bench.text("reports/.report-files")
            try Data((text + more.replacing("charts\n", with: "")).utf8).write(to: list)
            #expect(try bench.run("report", "--no-site").status == 0)
            #expect(try bench.text(mine + "/a.txt") == "mine")
            #expect(try bench.text("outside/a.txt") == "mine")
            try Data((text + more).utf8).write(to: list)
            #expect(try bench.run("report", "--no-site").status == 2)
        }
    }

    @Test func aFolderOfTheReportThatIsALinkIsRefused() throws {
        try CommandBench.with { bench in
            try bench.run("run", "vqav2", "--shots", "2", "--threads", "1")
            let reports = bench.folder.appendingPathComponent("reports")
            try FileManager.default.createDirectory(at: reports, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: reports.appendingPathComponent("charts").path,
                withDestinationPath: "../data"
            )
            let result = try bench.run("report", "--no-site")
            #expect(result.status == 2)
            #expect(result.errors.contains("charts is a link or file"))
        }
    }
}
