import EvalCore
import Evaluation
import Foundation
import InputFiles
import TestSupport
import Testing

/// A run that is done is found without reading the data, and only that.
struct DataFactsTests {
    private static let annotations = "vqav2/v2_mscoco_val2014_annotations.json"

    /// Runs `body` on a data root whose files are older than any clock's tick.
    private static func with(_ body: (Bench, URL) throws -> Void) throws {
        try withTemporaryDirectory { folder in
            let bench = try Bench(folder.appendingPathComponent("data"))
            bench.dataFacts = folder.appendingPathComponent("facts.json").path
            try date(bench)
            try body(bench, folder)
        }
    }

    /// Gives all annotation files a time of last change.
    private static func date(
        _ bench: Bench,
        _ date: Date = Date(timeIntervalSince1970: 1.6e9)
    ) throws {
        for name in try files(bench) {
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: name)
        }
    }

    private static func files(_ bench: Bench) throws -> [String] {
        let folder = bench.root + "/vqav2"
        return try FileManager.default.contentsOfDirectory(atPath: folder).map { "\(folder)/\($0)" }
    }

    /// Makes files unreadable as JSON without their identity telling.
    private static func damage(_ bench: Bench) throws {
        for name in try files(bench) {
            let file = try #require(FileHandle(forWritingAtPath: name))
            try file.write(contentsOf: Data("!".utf8))
            try file.close()
        }
        try date(bench)
    }

    @Test func doneRunIsAnsweredWithoutReadingTheData() throws {
        try Self.with { bench, _ in
            let first = try bench.run(bench.request()).summary
            try Self.damage(bench)
            #expect(try bench.run(bench.request()).summary == first)
            #expect(bench.loadCount == 1)
        }
    }

    @Test(arguments: PipelineTests.movingNumbers.indices)
    func otherRequestsReadTheData(index: Int) throws {
        try Self.with { bench, _ in
            let first = try bench.run(bench.request()).summary
            let change = PipelineTests.movingNumbers[index]
            #expect(try bench.run(bench.request(shots: 4, change)).summary.run != first.run)
            try Self.damage(bench)
            #expect(throws: (any Error).self) {
                try bench.run(bench.request { $0.seed = 977 })
            }
        }
    }

    @Test func runThatIsNotDoneReadsTheData() throws {
        try Self.with { bench, _ in
            let cancellation = Cancellation()
            cancellation.cancel(signal: SIGINT)
            try bench.run(bench.request(), cancellation: cancellation)
            try Self.damage(bench)
            #expect(throws: (any Error).self) { try bench.run(bench.request()) }
        }
    }

    @Test func changedFileIsReadAgain() throws {
        try Self.with { bench, _ in
            let first = try bench.run(bench.request()).summary
            let path = "\(bench.root)/\(Self.annotations)"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try (text + " ").write(toFile: path, atomically: false, encoding: .utf8)
            #expect(try bench.run(bench.request()).summary.run != first.run)
            #expect(bench.loadCount == 2)
        }
    }

    @Test func plainFileGoesBeforeItsCompressedOne() throws {
        try Self.with { bench, _ in
            let first = try bench.run(bench.request()).summary
            let path = "\(bench.root)/\(Self.annotations)"
            try FileManager.default.moveItem(atPath: path, toPath: path + ".gz")
            #expect(try bench.run(bench.request()).summary == first)
            try "{}".write(toFile: path, atomically: false, encoding: .utf8)
            #expect(throws: (any Error).self) { try bench.run(bench.request()) }
        }
    }

    @Test func filesThatMayStillChangeAreReadAgain() throws {
        try Self.with { bench, folder in
            try Self.date(bench, Date())
            try bench.run(bench.request())
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/facts.json"))
        }
    }

    @Test func changedListOfShotsIsReadAgain() throws {
        try Self.with { bench, folder in
            let list = folder.appendingPathComponent("shots.txt")
            func run(_ ids: String) throws -> String {
                try ids.write(to: list, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: 1_600_000_000)],
                    ofItemAtPath: list.path
                )
                let request = bench.request(shots: 2) { $0.selection = .fixed(file: list.path) }
                return try bench.run(request).summary.run
            }
            let first = try run("10010\n10011\n")
            #expect(try run("10011\n10010\n") != first)
        }
    }

    @Test(arguments: ["", "{", "[]", #"{"x": 1}"#, "\u{0}\u{1}"])
    func damagedCacheIsIgnored(content: String) throws {
        try Self.with { bench, folder in
            let path = folder.path + "/facts.json"
            try content.write(toFile: path, atomically: true, encoding: .utf8)
            let first = try bench.run(bench.request()).summary
            try content.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try bench.run(bench.request()).summary == first)
            #expect(bench.loadCount == 1)
        }
    }

    @Test func cacheThatCannotBeWrittenIsIgnored() throws {
        try Self.with { bench, folder in
            try FileManager.default.createDirectory(
                atPath: folder.path + "/facts.json",
                withIntermediateDirectories: false
            )
            let first = try bench.run(bench.request()).summary
            #expect(try bench.run(bench.request()).summary == first)
        }
    }

    @Test func anotherProgramReadsTheData() throws {
        try Self.with { bench, _ in
            try bench.run(bench.request())
            try Self.damage(bench)
            bench.programNumber = 2
            #expect(throws: (any Error).self) { try bench.run(bench.request()) }
        }
    }
}
