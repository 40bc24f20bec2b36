import EvalCore
import Evaluation
import Foundation
import Tasks
import TestSupport
import Testing

struct ScoreFileTests {
    private func score(
        _ predictions: String,
        with bench: Bench,
        references: ScoreFile.References? = nil
    ) throws -> ScoreFile {
        let file = bench.root + "/predictions.json"
        try Data(predictions.utf8).write(to: URL(fileURLWithPath: file))
        return try ScoreFile(
            file,
            task: bench.task,
            references: references ?? .split(nil, dataRoot: bench.root)
        )
    }

    private func predictions(_ ids: some Sequence<String>) -> String {
        let items = ids.map {
            #"{"question_id": \#($0), "answer": "\#(TinyVQA.answer(to: Int($0) ?? 0))"}"#
        }
        return "[\(items.joined(separator: ","))]"
    }

    @Test func answersOfTheAnnotatorsScoreOne() throws {
        try Bench.with { bench in
            let score = try score(predictions(TinyVQA().queryIDs), with: bench)
            #expect(score.count == 12)
            #expect(score.missingCount == 0)
            #expect(score.metrics.map(\.value) == [1, 1, 1])
            #expect(score.metrics.first?.reason == "no interval: all 12 values are equal")
            #expect(score.split == "val2014")
        }
    }

    @Test func missingPredictionsAreCountedAndLeftOut() throws {
        try Bench.with { bench in
            let score = try score(predictions(TinyVQA().queryIDs.prefix(3)), with: bench)
            #expect(score.count == 3)
            #expect(score.missingCount == 9)
            #expect(score.metrics.first?.count == 3)
        }
    }

    @Test func annotationFileAloneIsEnough() throws {
        try Bench.with { bench in
            let file = bench.root + "/vqav2/v2_mscoco_val2014_annotations.json"
            let whole = try score(predictions(TinyVQA().queryIDs), with: bench)
            try FileManager.default.removeItem(
                atPath: bench.root + "/vqav2/v2_OpenEnded_mscoco_val2014_questions.json"
            )
            let alone = try score(
                predictions(TinyVQA().queryIDs),
                with: bench,
                references: .file(file, split: nil)
            )
            #expect(alone.metrics == whole.metrics)
        }
    }

    @Test(arguments: [
        ("[{\"question_id\": 99, \"answer\": \"x\"}]", "99"),
        (
            "[{\"question_id\": 10, \"answer\": \"x\"},{\"question_id\": 10, \"answer\": \"y\"}]",
            "10"
        ),
        ("[{\"question_id\": 10}]", "answer"), ("[{\"question_id\": 10,", "predictions.json"),
        ("{}", "predictions.json"),
    ])
    func brokenPredictionsAreRefused(text: String, named: String) throws {
        try Bench.with { bench in
            #expect {
                _ = try score(text, with: bench)
            } throws: { "\($0)".contains(named) }
        }
    }

    @Test func noPredictionAtAllHasNoNumber() throws {
        try Bench.with { bench in
            let score = try score("[]", with: bench)
            #expect(score.count == 0)
            #expect(score.metrics.map(\.value) == [nil, nil, nil])
        }
    }
}
