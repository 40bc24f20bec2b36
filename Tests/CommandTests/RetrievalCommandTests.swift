import Foundation
import StrictJSON
import TestSupport
import Testing

/// `--selection rices` from the command line, on the demo.
struct RetrievalCommandTests {
    private static let arguments = [
        "run", "imagenet", "--shots", "8", "--limit", "24", "--json", "--selection",
    ]

    @Test func shotsBySimilarityBeatRandomOnesOnTheDemo() throws {
        try withTemporaryDirectory { folder in
            let runner = CommandRunner(in: folder)
            func accuracy(_ selection: String) throws -> (run: String, value: Double) {
                let result = try runner.run(Self.arguments + [selection])
                #expect(result.status == 0, "\(result.errors)")
                let run = try #require(try result.objects().first)
                guard case .string(let id)? = run["run"],
                    case .object(let metrics)? = run["metrics"],
                    case .object(let metric)? = metrics["accuracy"],
                    case .number(let value)? = metric["value"]
                else { throw Missing() }
                #expect(run["selection"] == .string(selection))
                return (id, value)
            }
            let (random, rices) = (try accuracy("random"), try accuracy("rices"))
            #expect(rices.value > 0.8)
            #expect(rices.value > random.value + 0.5)

            let samples = try runner.run(["samples", rices.run, "--json"]).objects()
            #expect(samples.count == 24)
            for sample in samples {
                guard case .array(let similarities)? = sample["similarities"] else {
                    throw Missing()
                }
                #expect(similarities.count == 8)
                let numbers = similarities.compactMap { value in
                    if case .number(let number) = value { number } else { nil }
                }
                #expect(numbers == numbers.sorted() && numbers.count == 8)
            }
            // The prompt of a stored sample is made of the shots that are stored.
            guard case .string(let id)? = samples[0]["id"] else { throw Missing() }
            let shown = try runner.run(["samples", rices.run, id])
            #expect(shown.status == 0)
            #expect(shown.output.contains("a·photo·of·a") || shown.output.contains("a photo of a"))
            let preview = try runner.run([
                "tasks", "prompt", "imagenet", "--shots", "8", "--selection", "rices", "--json",
            ])
            #expect(try preview.objects().first?["shots"] == samples[0]["shots"])
        }
    }

    private struct Missing: Error {}

    @Test(arguments: [
        (["--encoder", "none"], Int32(5), "none: no such folder"),
        (["--support-size", "0"], 2, "--support-size 0"),
    ])
    func mistakesAreNamedBeforeTheModelLoads(
        _ arguments: [String],
        _ status: Int32,
        _ expected: String
    ) throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run(Self.arguments + ["rices"] + arguments)
            #expect(result.status == status, "\(result.errors)")
            #expect(result.errors.contains(expected), "\(result.errors)")
        }
    }

    @Test func moreShotsThanTheSupportSetAreRefused() throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run([
                "run", "imagenet", "--shots", "200", "--selection", "rices",
            ])
            #expect(result.status == 5)
            #expect(result.errors.contains("200 shots asked for, but the support set"))
        }
    }

    @Test func aModelOfOnesOwnNeedsAnEncoderOfOnesOwn() throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run(
                Self.arguments + [
                    "rices", "--model",
                    repositoryRoot.appendingPathComponent("demo/checkpoint").path,
                ]
            )
            #expect(result.status == 2)
            #expect(result.errors.contains("--encoder"))
        }
    }
}
