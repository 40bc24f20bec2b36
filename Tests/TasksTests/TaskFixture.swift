import EvalCore
import Foundation
import Tasks
import TestSupport
import Testing

/// The task files of this repository.
let tasksFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("tasks").path

/// A task of this repository.
func shippedTask(_ name: String) throws -> TaskDefinition {
    try TaskCatalog.definition("\(tasksFolder)/\(name).yaml")
}

/// The text of a task file of this repository with `old` replaced by `new`.
func shippedTask(_ name: String, changing old: String, to new: String) throws -> String {
    let file = try String(contentsOfFile: "\(tasksFolder)/\(name).yaml", encoding: .utf8)
    let range = try #require(file.range(of: old))
    return file.replacingCharacters(in: range, with: new)
}

/// Expects a task file with `old` replaced by `new` to be refused with a message of these words.
func expectFault(
    of task: String,
    _ old: String,
    _ new: String,
    _ words: String,
    location: SourceLocation = #_sourceLocation
) throws {
    let text = try shippedTask(task, changing: old, to: new)
    let error = #expect(throws: TasksError.self, sourceLocation: location) {
        try definition(text)
    }
    let message = error?.description ?? ""
    #expect(message.contains(words), "\(message)", sourceLocation: location)
}

/// Reads a split of a shipped task from files with these official names and contents.
func readSplit(
    _ split: String? = nil,
    of task: String,
    from files: [String: String],
    _ body: (DatasetSplit, DatasetReader) throws -> Void
) throws {
    try withTemporaryDirectory { folder in
        for (path, text) in files { try write(text, to: path, in: folder) }
        let reader = DatasetReader(task: try shippedTask(task), root: folder.path)
        try body(try reader.split(split, seed: 42), reader)
    }
}

/// The message of the error that reading a split ends with.
func failure(
    _ split: String? = nil,
    of task: String,
    from files: [String: String],
    location: SourceLocation = #_sourceLocation
) throws -> String {
    let error = #expect(throws: (any Error).self, sourceLocation: location) {
        try readSplit(split, of: task, from: files) { _, _ in }
    }
    let message = error.map { "\($0)" } ?? ""
    #expect(!message.contains("\n"), sourceLocation: location)
    return message
}

/// The references of a shipped task in one file of that content.
func references(
    of task: String,
    split: String? = nil,
    _ text: String
) throws -> DatasetSplit {
    try withTemporaryDirectory { folder in
        try write(text, to: "refs.json", in: folder)
        let path = folder.appendingPathComponent("refs.json").path
        return try DatasetReader.references(path, task: shippedTask(task), split: split)
    }
}

extension DatasetSplit {
    /// The ids in file order.
    var ids: [String] { (0..<count).map { samples.id(at: $0) } }

    /// The captions of each sample, nil where it has none.
    var captions: [[String]?] {
        (0..<count).map { index in
            if case .captions(let texts) = samples.sample(at: index).target { texts } else { nil }
        }
    }

    /// The answers of each sample, nil where it has none.
    var answers: [[ReferenceAnswer]?] {
        (0..<count).map { index in
            if case .answers(let list) = samples.sample(at: index).target { list } else { nil }
        }
    }
}

/// A small task: two splits with files, one without labels, three slices.
let smallTaskFile = """
    format: 1
    task: small
    version: 3
    title: Small
    kind: vqa
    headline: vqa_accuracy
    metrics: {vqa_accuracy: 1}
    breakdown: [answer_type]
    predictions: {id: question_id, id_type: integer, value: answer}
    default_split: val
    splits:
      train:
        adapter: vqa
        count: 1000
        files:
          questions: {path: small/train_questions.json, from: "http://example.org/q.zip"}
          annotations: {path: small/train_annotations.json, from: "http://example.org/a.zip"}
        images: {path: "img/train_{image_id:06}.jpg", from: "http://example.org/i.zip", namespace: n}
      val:
        adapter: vqa
        count: 100
        support: test-support
        files:
          questions: {path: small/val_questions.json, from: "http://example.org/q.zip"}
          annotations: {path: small/val_annotations.json, from: "http://example.org/a.zip"}
        images: {path: "img/val_{image_id:06}.jpg", from: "http://example.org/i.zip", namespace: n}
      test:
        adapter: vqa
        count: 100
        support: train
        files:
          questions: {path: small/test_questions.json, from: "http://example.org/q.zip"}
        images: {path: "img/test_{image_id:06}.jpg", from: "http://example.org/i.zip", namespace: n}
      val-support: {slice_of: train, count: 20}
      test-support: {slice_of: train, count: 30}
      val-query: {slice_of: train, count: 10, support: val-support}
    protocols:
      m4:
        shot_answer: most_frequent
        zero_shot: same_pair
        generation: {max_new_tokens: 15}
        variants:
          base: {prefix: "<s>", shot: "{image}{question} {answer}\\n", query: "{image}{question}"}

    """

/// The small task with `old` replaced by `new`, which must change it.
func smallTask(_ old: String, _ new: String) throws -> String {
    let changed = smallTaskFile.replacingOccurrences(of: old, with: new)
    try #require(changed != smallTaskFile)
    return changed
}

/// Reads a task file from text.
func definition(_ text: String) throws -> TaskDefinition {
    try TaskDefinition(yaml: Array(text.utf8), file: "small.yaml")
}

/// Writes a file below `folder`, making folders on the way.
func write(_ text: String, to path: String, in folder: URL) throws {
    let url = folder.appendingPathComponent(path)
    try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(),
        withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: url)
}

/// The text of a questions file; picture `i / 2` for question `i`.
func questions(_ ids: some Sequence<Int>) -> String {
    let items = ids.map { id in
        "{\"image_id\": \(id / 2), \"question\": \"What is \(id)?\", \"question_id\": \(id)}"
    }
    return "{\"info\": {}, \"questions\": [\(items.joined(separator: ",\n"))]}"
}

/// The text of an annotations file; the answers of question `i` are `i` and `no`.
func annotations(_ ids: some Sequence<Int>) -> String {
    let items = ids.map { id in
        """
        {"question_type": "what is", "multiple_choice_answer": "\(id)", "image_id": \(id / 2), \
        "answers": [{"answer": "\(id)", "answer_confidence": "yes", "answer_id": 1}, \
        {"answer": "no", "answer_confidence": "maybe", "answer_id": 2}], \
        "answer_type": "other", "question_id": \(id)}
        """
    }
    return "{\"annotations\": [\(items.joined(separator: ",\n"))], \"license\": {}}"
}

/// Writes the small task's files: `train` and `val` rows, no test rows.
func writeSmallRoot(train: some Sequence<Int>, val: some Sequence<Int>, in folder: URL) throws {
    for (name, ids) in [("train", Array(train)), ("val", Array(val))] {
        try write(questions(ids), to: "small/\(name)_questions.json", in: folder)
        try write(annotations(ids), to: "small/\(name)_annotations.json", in: folder)
    }
    try write(questions(Array(val)), to: "small/test_questions.json", in: folder)
}
