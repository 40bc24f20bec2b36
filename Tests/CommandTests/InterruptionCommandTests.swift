import Foundation
import StrictJSON
import TestSupport
import Testing

@Suite(.serialized)
struct InterruptionCommandTests {
    private static let queryCount = 30
    private static let millisecondsUntil = [40, 120, 250, 400, 700, 1100]

    /// Stops a run again and again, goes on with it to its end and compares with an unstopped one.
    private func expectSameRows(signal: Int32, status: Int32) throws {
        try CommandBench.with(queries: Self.queryCount) { bench in
            for milliseconds in Self.millisecondsUntil {
                let before = try finishedCount(bench)
                let command = try bench.runner.start(bench.runArguments)
                Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
                command.send(signal: signal)
                let result = command.wait()
                // One that ended before the signal came is done.
                #expect(result.status == status || result.status == 0, "\(result.errors)")
                #expect(try finishedCount(bench) >= before)
            }
            let last = try bench.runner.run(bench.runArguments)
            #expect(last.status == 0, "\(last.errors)")
            let rows = try bench.runner.run(["samples", "latest", "--json"])
            let listed = try bench.runner.run(["runs", "--json"]).objects()
            #expect(listed.count == 1)

            var straight = bench.runArguments
            straight += ["--store", "straight.sqlite"]
            let whole = try bench.runner.run(straight)
            let wholeRows = try bench.runner.run(
                ["samples", "latest", "--json", "--store", "straight.sqlite"]
            )
            #expect(rows.output == wholeRows.output)
            #expect(try last.objects().first?["metrics"] == whole.objects().first?["metrics"])
            #expect(listed.first?["generated"] == .integer(Self.queryCount))
        }
    }

    /// Samples that a store has, 0 while there is none.
    private func finishedCount(_ bench: CommandBench) throws -> Int {
        let result = try bench.runner.run(["runs", "--json"])
        guard result.status == 0, let run = try result.objects().first,
            case .object(let counts)? = run["counts"], case .integer(let done)? = counts["done"]
        else { return 0 }
        return done
    }

    @Test func killedRunsEndWithTheSameRows() throws {
        try expectSameRows(signal: SIGKILL, status: 128 + SIGKILL)
    }

    @Test func interruptedRunsEndWithTheSameRows() throws {
        try expectSameRows(signal: SIGINT, status: 130)
    }

    @Test func terminatedRunsEndWithTheSameRows() throws {
        try expectSameRows(signal: SIGTERM, status: 143)
    }

    @Test func interruptedRunSaysSo() throws {
        try CommandBench.with(queries: 400) { bench in
            let command = try bench.runner.start(bench.runArguments)
            while try finishedCount(bench) == 0, command.isRunning {}
            command.send(signal: SIGINT)
            let result = command.wait()
            #expect(result.status == 130)
            #expect(try result.objects().first?["status"] == "interrupted")
            #expect(try result.objects().first?["metrics"] == [:])
        }
    }

    @Test func runInProgressIsNotEnteredTwice() throws {
        try CommandBench.with(queries: 400) { bench in
            let command = try bench.runner.start(bench.runArguments)
            while try finishedCount(bench) == 0, command.isRunning {}
            let second = try bench.runner.run(bench.runArguments)
            #expect(second.status == 6)
            #expect(second.errors.contains("in progress by pid \(command.processID)"))
            command.send(signal: SIGTERM)
            #expect(command.wait().status == 143)
        }
    }
}
