import EvalCore
import Foundation
import StrictJSON
import Tasks

/// Official VQAv2 files of any size, made by repeating the demo's questions under new ids.
struct GeneratedVQA {
    /// The task whose files are made.
    let task: TaskDefinition
    /// The data root that is repeated.
    let source: URL
    /// The folder that becomes a data root.
    let folder: URL

    /// Questions per picture, about as many as in the real files.
    private static let questionsPerPicture = 5
    /// Numbers of generated pictures start here.
    private static let firstPicture = 600_000

    /// Writes a split's question and annotation files.
    /// - Parameters:
    ///   - split: `val2014` or `train2014`.
    ///   - count: number of questions.
    ///   - withPictures: true to copy a picture for every five questions.
    /// - Returns: the annotation file.
    /// - Throws: file system errors, and errors of the demo data.
    @discardableResult
    func write(_ split: String, count: Int, withPictures: Bool) throws -> URL {
        let samples = try DatasetReader(task: task, root: source.path).split(split, seed: 0).samples
        let records = (0..<samples.count).map { Record(samples.sample(at: $0)) }
        let questions = folder.appendingPathComponent(
            "vqav2/v2_OpenEnded_mscoco_\(split)_questions.json"
        )
        let annotations = folder.appendingPathComponent("vqav2/v2_mscoco_\(split)_annotations.json")
        try write(questions, list: "questions", records.map(\.question), count: count)
        try write(annotations, list: "annotations", records.map(\.annotation), count: count)
        if withPictures { try copyPictures(records, split: split, count: count) }
        return annotations
    }

    /// The number of a question; the official ones too are the picture's and some digits.
    static func questionID(_ index: Int) -> Int {
        (firstPicture + index / questionsPerPicture) * 1_000 + index % questionsPerPicture
    }

    private func write(_ file: URL, list: String, _ records: [[UInt8]], count: Int) throws {
        try makeFolder(of: file)
        var bytes = Data("{\"\(list)\":[".utf8)
        for index in 0..<count {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            let picture = Self.firstPicture + index / Self.questionsPerPicture
            bytes.append(contentsOf: records[index % records.count])
            bytes.append(
                contentsOf:
                    ",\"image_id\":\(picture),\"question_id\":\(Self.questionID(index))}".utf8
            )
        }
        bytes.append(contentsOf: "]}".utf8)
        try bytes.write(to: file)
    }

    private func copyPictures(_ records: [Record], split: String, count: Int) throws {
        for picture in 0..<(count + Self.questionsPerPicture - 1) / Self.questionsPerPicture {
            let name = String(format: "%012d", Self.firstPicture + picture)
            let file = folder.appendingPathComponent("coco/\(split)/COCO_\(split)_\(name).jpg")
            if picture == 0 { try makeFolder(of: file) }
            let path = records[picture % records.count].picturePath
            try FileManager.default.copyItem(atPath: path, toPath: file.path)
        }
    }

    private func makeFolder(of file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
    }

    /// What is repeated of one demo question, each open at its end for the ids.
    private struct Record {
        let question: [UInt8]
        let annotation: [UInt8]
        let picturePath: String

        init(_ sample: Sample) {
            guard case .answers(let references) = sample.target, let picture = sample.images.first
            else { preconditionFailure("question \(sample.id) has no answers or no picture") }
            let answers = references.enumerated().map { index, reference in
                #"{"answer":\#(Self.quoted(reference.answer)),"answer_confidence":"yes","#
                    + #""answer_id":\#(index + 1)}"#
            }
            let types = #"{"question_type":\#(Self.quoted(sample.categories["question_type"]))"#
            question = Array(#"{"question":\#(Self.quoted(sample.fields["question"]))"#.utf8)
            annotation = Array(
                (types + #","multiple_choice_answer":\#(Self.quoted(references.first?.answer))"#
                    + #","answer_type":\#(Self.quoted(sample.categories["answer_type"]))"#
                    + #","answers":[\#(answers.joined(separator: ","))]"#).utf8
            )
            picturePath = picture.path
        }

        private static func quoted(_ text: String?) -> String {
            JSONValue.string(text ?? "").text()
        }
    }
}
