import EvalCore
import Foundation
import RunStore
import Testing

struct RefusalTests {
    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func scoresThatAreNotFiniteAreRefusedWithTheWholeBatch(value: Double) throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.open(plan()).run
            var bad = sample(1)
            bad.scores[1].value = value
            let error = #expect(throws: RunStoreError.self) {
                try writer.record([sample(0), bad], run: run)
            }
            guard case .invalidRecord(run, bad.id, _) = error else {
                Issue.record("unexpected \(String(describing: error))")
                return
            }
            #expect(try RunStoreReader(path: path).samples(of: run).isEmpty)
            // The ids that the failed batch gave to shared texts must not be used again.
            try writer.record([sample(0)], run: run)
            #expect(try RunStoreReader(path: path).samples(of: run) == [sample(0)])
        }
    }

    @Test func theSchemaItselfRefusesNaN() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            try writer.start(plan(), [sample(0)])
            try writer.close()
            for value in ["NULL", "9e999", "-9e999", "'0.5x'"] {
                #expect(throws: (any Error).self) {
                    try executeSQL(path, "UPDATE score SET value = \(value)")
                }
            }
        }
    }

    @Test(arguments: [0, 1, 2, 3, 4])
    func recordsThatCannotBeKeptAsTheyAreAreRefused(kind: Int) throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.open(plan()).run
            var bad = sample(0)
            switch kind {
            case 0: bad.logprob = .nan
            case 1: bad.similarities = [.nan]
            case 2: bad.candidateLogprobs = [0, .nan]
            case 3: bad.promptSHA256 = "ABC"
            default: bad.ordinal = -1
            }
            #expect(throws: RunStoreError.self) { try writer.record([bad], run: run) }
        }
    }

    @Test func aSampleHasOneRow() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0)])
            #expect(throws: RunStoreError.self) { try writer.record([sample(0)], run: run) }
            var sameID = sample(1)
            sameID.id = sample(0).id
            #expect(throws: RunStoreError.self) { try writer.record([sameID], run: run) }
            #expect(try RunStoreReader(path: path).samples(of: run) == [sample(0)])
            #expect(try RunStoreReader(path: path).summary(of: run).finishedCount == 1)
        }
    }

    @Test func doneNeedsEverySample() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0)])
            #expect(
                throws: RunStoreError.mismatch(
                    run: run,
                    reason: "called done with 1 of 4 samples"
                )
            ) { try writer.end(.done(metrics: [metric(1)], submissionPath: nil), run: run) }
            try writer.record([sample(1), sample(2), sample(3)], run: run)
            let undefined = MetricValue(metric: "m", version: 1, value: .nan, count: 4)
            #expect(throws: RunStoreError.self) {
                try writer.end(.done(metrics: [undefined], submissionPath: nil), run: run)
            }
            try writer.end(.done(metrics: [metric(1)], submissionPath: nil), run: run)
        }
    }

    @Test func onlyAnOpenRunCanBeWritten() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), (0..<4).map(sample))
            try writer.end(.done(metrics: [], submissionPath: nil), run: run)
            #expect(throws: RunStoreError.self) { try writer.record([sample(4)], run: run) }
            _ = try writer.open(plan())
            #expect(throws: RunStoreError.self) { try writer.record([sample(4)], run: run) }
            #expect(throws: RunStoreError.self) {
                try writer.end(.failed(reason: "x"), run: "unknown")
            }
        }
    }

    @Test func aPlanOfAnotherSizeDoesNotFit() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [])
            try writer.end(.interrupted(reason: "x"), run: run)
            #expect(throws: RunStoreError.self) { try writer.open(plan(sampleCount: 5)) }
            // The claim was given back with the error.
            #expect(try RunStoreWriter(path: path).open(plan()).run == run)
        }
    }

    @Test func aDamagedRowIsAnErrorAndNoTrap() throws {
        try withStorePath { path in
            let writer = try RunStoreWriter(path: path)
            let run = try writer.start(plan(), [sample(0)])
            try writer.close()
            for damage in [
                "UPDATE sample SET shots = x'80'", "UPDATE sample SET shots = x'7f'",
                "UPDATE sample SET similarities = x'0400'",
                "UPDATE sample SET output = CAST(x'ff' AS TEXT), shots = x''",
                "UPDATE attempt SET description = '{}'", "UPDATE recipe SET json = '[]'",
                "UPDATE run SET started = 'yesterday'",
            ] {
                try executeSQL(path, damage)
                let reader = try RunStoreReader(path: path)
                let error = #expect(throws: RunStoreError.self) {
                    _ = try reader.samples(of: run)
                    _ = try reader.summary(of: run)
                }
                guard case .corrupt = error else {
                    Issue.record("\(damage): \(String(describing: error))")
                    continue
                }
            }
        }
    }
}
