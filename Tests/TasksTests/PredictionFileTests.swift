import Foundation
import Tasks
import TestSupport
import Testing

struct PredictionFileTests {
    private typealias Prediction = SubmissionFile.Prediction

    private func read(_ text: String) throws -> Predictions {
        try withTemporaryDirectory { folder in
            try writeSmallRoot(train: 0..<2, val: [5, 3, 9], in: folder)
            try write(text, to: "predictions.json", in: folder)
            let task = try definition(smallTaskFile)
            let split = try DatasetReader(task: task, root: folder.path).split("val", seed: 1)
            return try Predictions.read(
                folder.path + "/predictions.json",
                format: task.predictions,
                for: split.samples
            )
        }
    }

    @Test func predictionsAreFoundByID() throws {
        let predictions = try read(
            #"[{"question_id": 9, "answer": "c"}, {"answer": "a\n", "question_id": 5, "x": 1}]"#
        )
        #expect(predictions.values == [.text("a\n"), nil, .text("c")])
        #expect(predictions.count == 2)
        #expect(predictions.missingCount == 1)
        #expect(try read("[]").missingCount == 3)
    }

    @Test(arguments: [
        (
            #"[{"question_id": 5, "answer": "a"}, {"question_id": 4, "answer": "a"}]"#,
            "[1]: question_id 4 is no id"
        ),
        (
            #"[{"question_id": 5, "answer": "a"}, {"question_id": 5, "answer": "a"}]"#,
            "[1]: question_id 5 has a second"
        ),
        (#"[{"question_id": "5", "answer": "a"}]"#, "integer"),
        (#"[{"question_id": 5.5, "answer": "a"}]"#, "integer"),
        (#"[{"question_id": null, "answer": "a"}]"#, "integer"),
        (#"[{"question_id": 5, "answer": null}]"#, "string"),
        (#"[{"question_id": 5, "answer": 3}]"#, "string"),
        (#"[{"question_id": 5}]"#, "\"answer\""),
        (#"[{"answer": "a"}]"#, "\"question_id\""),
        (#"[{"question_id": 5, "question_id": 3, "answer": "a"}]"#, "twice"),
        (#"{"question_id": 5, "answer": "a"}"#, "array"),
        ("[5]", "object"),
        ("[{\"question_id\": 5, \"answer\": \"a\"},\n", "predictions.json:2"),
        ("", "predictions.json:1"),
        ("[] []", "expected the end"),
    ])
    func brokenFilesAreRefused(text: String, words: String) {
        let error = #expect(throws: (any Error).self) { try read(text) }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.contains(words), "\(description)")
        #expect(description.contains("predictions.json"), "\(description)")
    }

    @Test func aSubmissionIsReadBackAsWritten() throws {
        try withTemporaryDirectory { folder in
            let format = try definition(smallTaskFile).predictions
            let path = folder.path + "/submission.json"
            let texts = ["a \"quoted\" \\ \n\u{2028}", "cafe\u{301}", ""]
            try SubmissionFile.write(
                path,
                format: format,
                zip(["5", "3", "9"], texts).map { Prediction(id: $0, value: .text($1)) }
            )
            try writeSmallRoot(train: 0..<2, val: [5, 3, 9], in: folder)
            let split = try DatasetReader(task: definition(smallTaskFile), root: folder.path)
                .split("val", seed: 1)
            let read = try Predictions.read(path, format: format, for: split.samples)
            let bytes = read.values.map { value in
                if case .text(let text)? = value { Array(text.utf8) } else { nil as [UInt8]? }
            }
            #expect(bytes == texts.map { Array($0.utf8) })
            // The server's shape: ids are numbers.
            let objects = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: path))
            )
            let ids = (objects as? [[String: Any]])?.compactMap { $0["question_id"] as? Int }
            #expect(ids == [5, 3, 9])
        }
    }

    /// Ids that are texts, a picture's name and a caption: VizWiz' and TextCaps' servers.
    @Test(arguments: [
        ("vizwiz", "test", #"[{"image": "a 1.jpg", "question": "What?"}]"#, "vizwiz/test.json"),
        (
            "textcaps", "test", #"{"data": [{"image_id": "a 1.jpg"}]}"#,
            "textcaps/TextCaps_0.1_test.json"
        ),
    ])
    func aSubmissionOfTextIDsIsReadBack(
        task: String,
        split: String,
        text: String,
        path: String
    ) throws {
        try withTemporaryDirectory { folder in
            try write(text, to: path, in: folder)
            let task = try shippedTask(task)
            let split = try DatasetReader(task: task, root: folder.path).split(split, seed: 1)
            let file = folder.path + "/submission.json"
            let format = task.predictions
            try SubmissionFile.write(
                file,
                format: format,
                [Prediction(id: "a 1.jpg", value: .text("a cup"))]
            )
            let objects = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: file))
            )
            #expect(
                objects as? [[String: String]]
                    == [[format.idKey: "a 1.jpg", format.valueKey: "a cup"]]
            )
            let read = try Predictions.read(file, format: format, for: split.samples)
            #expect(read.values == [.text("a cup")])
            try write(
                "[{\"\(format.idKey)\": \"b\", \"\(format.valueKey)\": \"\"}]",
                to: "other.json",
                in: folder
            )
            #expect(throws: TasksError.self) {
                try Predictions.read(
                    folder.path + "/other.json",
                    format: format,
                    for: split.samples
                )
            }
        }
    }

    @Test func aSubmissionThatCannotBeWrittenIsNamed() throws {
        let format = try definition(smallTaskFile).predictions
        let error = #expect(throws: TasksError.self) {
            try SubmissionFile.write("/no/such/folder/x.json", format: format, [])
        }
        #expect(error?.description.contains("/no/such/folder/x.json") == true)
    }
}
