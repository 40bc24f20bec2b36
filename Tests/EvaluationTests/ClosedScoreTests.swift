import EvalCore
import Evaluation
import Foundation
import Tasks
import TestSupport
import Testing

/// Scores of closed-ended prediction files, and what they say of samples that they leave out.
struct ClosedScoreTests {
    private func score(
        _ predictions: String,
        references: String,
        of task: String
    ) throws -> ScoreFile {
        try withTemporaryDirectory { folder in
            let files = try [("predictions", predictions), ("references", references)].map {
                let file = folder.appendingPathComponent($0.0)
                try Data($0.1.utf8).write(to: file)
                return file.path
            }
            let definition = try TaskCatalog.definition(
                repositoryRoot.appendingPathComponent("tasks/\(task).yaml").path
            )
            return try ScoreFile(
                files[0],
                task: definition,
                references: .file(files[1], split: nil)
            )
        }
    }

    /// Relevances of three dialogs' options, samples that have an NDCG, why not more.
    @Test(
        arguments: [
            (["[1, 0]", "[0, 1]", "[0, 0.5]"], 3, nil),
            (["[1, 0]", "[0, 0]", "[0, 0.5]"], 2, "1 of 3 samples have no relevant option"),
            (
                ["[1, 0]", "[0, 0]", "[0, 0]"], 1,
                "2 of 3 samples have no relevant option; no interval: one cluster (two are needed)"
            ),
            (["[0, 0]", "[0, 0]", "[0, 0]"], 0, "3 of 3 samples have no relevant option"),
        ] as [([String], Int, String?)]
    )
    func dialogsWithoutARelevantOptionAreCounted(
        relevances: [String],
        count: Int,
        reason: String?
    ) throws {
        let annotations = relevances.enumerated().map {
            #"{"image_id": \#($0), "round_id": 1, "gt_relevance": \#($1)}"#
        }
        let predictions = relevances.indices.map {
            #"{"image_id": \#($0), "round_id": 1, "ranks": [1, 2]}"#
        }
        let score = try score(
            "[\(predictions.joined(separator: ","))]",
            references: "[\(annotations.joined(separator: ","))]",
            of: "visdial"
        )
        #expect(score.count == 3)
        let metric = try #require(score.metrics.first)
        #expect(metric.metric == "ndcg" && metric.count == count)
        #expect((metric.value == nil) == (count == 0))
        #expect((metric.interval == nil) == (count < 2))
        #expect(metric.reason == reason)
    }

    /// The columns beside the file's name; the spread over groups is left out without both.
    @Test(arguments: [
        ("gender", ["Male", "Female"], ["accuracy"]),
        ("gender,age", ["Male,20-29", "Female,3-9"], ["accuracy"]),
        ("gender,race", ["Male,White", "Female,White"], ["accuracy", "accuracy_std"]),
    ])
    func groupsAreComparedWhereReferencesKnowThem(
        columns: String,
        rows: [String],
        metrics: [String]
    ) throws {
        let score = try score(
            "id,label\nval/1.jpg,Male\nval/2.jpg,Male\n",
            references: "file,\(columns)\nval/1.jpg,\(rows[0])\nval/2.jpg,\(rows[1])\n",
            of: "fairface_gender"
        )
        #expect(score.metrics.map(\.metric) == metrics)
        #expect(score.metrics[0].value == 0.5)
        if metrics.count == 2 { #expect(score.metrics[1].value == 0.5) }
    }

    /// Without the gender there is nothing to compare a race with either.
    @Test func aRaceWithoutAGenderIsOfNoGroup() throws {
        let score = try score(
            "id,label\nval/1.jpg,White\n",
            references: "file,race\nval/1.jpg,White\n",
            of: "fairface_race"
        )
        #expect(score.metrics.map(\.metric) == ["accuracy"])
    }
}

/// What a run of a closed-ended task needs before its engine loads.
struct CandidateCheckTests {
    @Test func oneClassAloneIsNoChoice() throws {
        try withTemporaryDirectory { folder in
            for picture in ["train/n01440764/1.JPEG", "val/n01440764/2.JPEG"] {
                let file = folder.appendingPathComponent("imagenet/\(picture)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data().write(to: file)
            }
            let bench = try ClosedBench("imagenet", data: folder.path)
            #expect(throws: EvaluationError.tooFewCandidates(split: "val")) { try bench.run() }
            #expect(bench.engine.requests.isEmpty)
        }
    }
}
