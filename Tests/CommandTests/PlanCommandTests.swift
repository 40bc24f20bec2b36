import Foundation
import StrictJSON
import TestSupport
import Testing

/// `plan`, and the limit of memory that it shares with `run` and `infer`.
struct PlanCommandTests {
    private func integer(_ value: JSONValue?, _ path: String...) -> Int? {
        var value = value
        for key in path {
            guard case .object(let object)? = value else { return nil }
            value = object[key]
        }
        guard case .integer(let number)? = value else { return nil }
        return number
    }

    @Test func aPlanCountsWhatARunDoes() throws {
        try CommandBench.with { bench in
            let result = try bench.run(
                "plan",
                "vqav2",
                "--shots",
                "0,2",
                "--check",
                "--threads",
                "1",
                "--json"
            )
            #expect(result.status == 0, "\(result.errors)")
            let objects = try result.objects()
            try #require(objects.count == 3)
            for (object, shots) in zip(objects, [0, 2]) {
                let value = JSONValue.object(object)
                #expect(integer(value, "shots") == shots)
                #expect(integer(value, "queries") == 6)
                #expect(integer(value, "tokens", "counted") == 6)
                #expect(integer(value, "tokens", "over_limit") == 0)
            }
            #expect(objects[2]["fits"] == .boolean(true))
            #expect(objects[2]["failing_pictures"] == .array([]))
            // Nothing was stored.
            let results = bench.folder.appendingPathComponent("results").path
            #expect(!FileManager.default.fileExists(atPath: results))
        }
    }

    @Test func aPlanForPeopleSaysTheSame() throws {
        try CommandBench.with { bench in
            let result = try bench.run("plan", "vqav2", "--shots", "2", "--threads", "1")
            #expect(result.status == 0, "\(result.errors)")
            for word in ["queries", "tokens", "pictures", "resolution", "parameters", "memory"] {
                #expect(result.output.contains(word), "\(word)")
            }
        }
    }

    @Test func aDamagedPictureIsFoundBeforehand() throws {
        try CommandBench.with { bench in
            let folder = bench.file("coco/val2014")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            let victim = folder.appendingPathComponent(try #require(names.first))
            try Data("no picture".utf8).write(to: victim)
            let plain = try bench.run("plan", "vqav2", "--threads", "1", "--json")
            #expect(plain.status == 0)
            let checked = try bench.run("plan", "vqav2", "--threads", "1", "--check")
            #expect(checked.status == 4)
            #expect(checked.output.contains(victim.lastPathComponent))
            try FileManager.default.removeItem(at: victim)
            let missing = try bench.run("plan", "vqav2", "--threads", "1")
            #expect(missing.status == 5)
            #expect(missing.errors.contains("missing"))
        }
    }

    @Test(arguments: ["plan", "run"])
    func whatDoesNotFitIsRefusedBeforeLoading(verb: String) throws {
        try CommandBench.with { bench in
            let result = try bench.run(
                verb,
                "vqav2",
                "--shots",
                "2",
                "--threads",
                "1",
                "--max-memory",
                "1M"
            )
            #expect(result.status == 5)
            #expect(result.errors.contains("--max-memory"))
            let results = bench.folder.appendingPathComponent("results").path
            #expect(!FileManager.default.fileExists(atPath: results))
        }
    }

    @Test(arguments: ["0", "-1", "4X", "", "G", "1.5G", "99999999999999999999", "9999999999T"])
    func aSizeThatIsNoneIsAMistake(size: String) throws {
        try CommandBench.with { bench in
            let result = try bench.run("plan", "--max-memory=\(size)", data: false)
            #expect(result.status == 2, "\(size): \(result.errors)")
        }
    }

    @Test func aCheckpointAloneIsDescribed() throws {
        try withTemporaryDirectory { folder in
            let demo = repositoryRoot.appendingPathComponent("demo/checkpoint").path
            let result = try CommandRunner(in: folder).run(["plan", "--model", demo, "--json"])
            #expect(result.status == 0, "\(result.errors)")
            let objects = try result.objects()
            try #require(objects.count == 1)
            #expect((integer(.object(objects[0]), "parameters") ?? 0) > 0)
            #expect(objects[0]["has_weights"] == .boolean(true))
        }
    }
}
