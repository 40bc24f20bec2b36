public import Foundation

/// A small VQAv2 data root in the official files, made by rule.
///
/// Validation pictures are numbered from 1, training pictures from 1001; each has two questions,
/// whose ids are the picture's number and one digit.
public struct TinyVQA: Sendable {
    /// Questions of val2014.
    public var queryCount = 12
    /// Questions of train2014.
    public var supportCount = 40
    /// What stands in the file of a picture; by default a text that names it.
    public var picture: @Sendable (_ number: Int) -> Data = { Data("picture \($0)".utf8) }
    /// Questions in place of the made ones, by question id.
    public var questions: [Int: String] = [:]

    /// Creates a description of a data root.
    public init() {}

    /// Writes the data root.
    /// - Parameter folder: its place.
    /// - Returns: the folder's path.
    /// - Throws: file system errors.
    @discardableResult
    public func write(to folder: URL) throws -> String {
        try write(Array(ids(1, queryCount)), split: "val2014", to: folder)
        try write(Array(ids(1001, supportCount)), split: "train2014", to: folder)
        return folder.path
    }

    /// The question ids of val2014, in file order.
    public var queryIDs: [String] { ids(1, queryCount).map { "\($0)" } }

    /// The answer that annotators gave to a question, by most of them.
    public static func answer(to id: Int) -> String {
        ["yes", "no", "2", "red", "a dog", "tennis"][id * 7 % 11 % 6]
    }

    /// The path of a picture below the data root.
    public static func picturePath(_ number: Int) -> String {
        let split = number > 1000 ? "train2014" : "val2014"
        let digits = String(number)
        let padded = String(repeating: "0", count: 12 - digits.utf8.count) + digits
        return "coco/\(split)/COCO_\(split)_\(padded).jpg"
    }

    private func ids(_ firstPicture: Int, _ count: Int) -> some Sequence<Int> {
        (0..<count).lazy.map { (firstPicture + $0 / 2) * 10 + $0 % 2 }
    }

    private func write(_ ids: [Int], split: String, to folder: URL) throws {
        let questions = ids.map { id in
            let text = self.questions[id] ?? "What is in picture \(id)?"
            return #"{"image_id": \#(id / 10), "question": "\#(text)", "question_id": \#(id)}"#
        }
        try write(
            #"{"questions": [\#(questions.joined(separator: ",\n"))]}"#,
            to: folder.appendingPathComponent(
                "vqav2/v2_OpenEnded_mscoco_\(split)_questions.json"
            )
        )
        try write(
            #"{"annotations": [\#(ids.map(annotation).joined(separator: ",\n"))]}"#,
            to: folder.appendingPathComponent("vqav2/v2_mscoco_\(split)_annotations.json")
        )
        for number in Set(ids.map { $0 / 10 }) {
            let file = folder.appendingPathComponent(Self.picturePath(number))
            try makeFolder(of: file)
            try picture(number).write(to: file)
        }
    }

    private func annotation(_ id: Int) -> String {
        let most = Self.answer(to: id)
        let answers = (1...10).map { number in
            let text = number <= 7 ? most : "other \(number)"
            return #"{"answer": "\#(text)", "answer_confidence": "yes", "answer_id": \#(number)}"#
        }
        let type = ["yes", "no"].contains(most) ? "yes/no" : "other"
        return """
            {"question_type": "what is", "multiple_choice_answer": "\(most)", \
            "answers": [\(answers.joined(separator: ", "))], "image_id": \(id / 10), \
            "answer_type": "\(type)", "question_id": \(id)}
            """
    }

    private func write(_ text: String, to file: URL) throws {
        try makeFolder(of: file)
        try Data(text.utf8).write(to: file)
    }

    private func makeFolder(of file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
    }
}

/// The root folder of this repository.
public let repositoryRoot = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
