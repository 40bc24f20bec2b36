internal import EvalCore

/// Questions about pictures with human answers, packed: about 150 bytes a question.
struct VQASamples: SampleSource {
    /// What is kept of one question; texts and answers lie in the arena.
    struct Row: Sendable {
        /// The question's id.
        var id: Int64
        /// The picture's id, −1 if the file has none.
        var imageID: Int64
        /// Where the question's text lies, −1 if there is none.
        var question: Int32 = -1
        /// Where the answers lie, −1 if there are none.
        var answers: Int32 = -1
        /// Number of the answer type's text, 0 for none.
        var answerType: UInt32 = 0
        /// Number of the question type's text, 0 for none.
        var questionType: UInt32 = 0
    }

    let rows: [Row]
    let arena: ByteArena
    let texts: TextNumbers
    let positions: [Int64: Int32]
    let images: ImageFolder

    var count: Int { rows.count }

    func id(at index: Int) -> String { String(rows[index].id) }

    func index(of id: String) -> Int? {
        // "+7" and "007" are numbers too, but the ids of no sample.
        guard let number = Int64(id), String(number) == id else { return nil }
        return positions[number].map { Int($0) }
    }

    func sample(at index: Int) -> Sample {
        let row = rows[index]
        var categories: [String: String] = [:]
        categories["answer_type"] = texts.text(row.answerType)
        categories["question_type"] = texts.text(row.questionType)
        return Sample(
            id: String(row.id),
            index: index,
            images: row.imageID < 0 ? [] : [images.reference(String(row.imageID))],
            fields: question(of: row).map { ["question": $0] } ?? [:],
            target: row.answers < 0 ? .unlabelled : .answers(answers(at: Int(row.answers))),
            categories: categories
        )
    }

    private func question(of row: Row) -> String? {
        guard row.question >= 0 else { return nil }
        var reader = ByteArenaReader(arena, at: Int(row.question))
        return reader.text()
    }

    private func answers(at position: Int) -> [ReferenceAnswer] {
        var reader = ByteArenaReader(arena, at: position)
        var answers: [ReferenceAnswer] = []
        while let answer = VQAAnswer(from: &reader) {
            answers.append(
                ReferenceAnswer(
                    answer: answer.answer,
                    rawAnswer: answer.rawAnswer,
                    confidence: texts.text(answer.confidence),
                    answerID: answer.id
                )
            )
        }
        return answers
    }
}

/// One answer as the arena holds it: a byte that says what there is, then that.
struct VQAAnswer {
    var answer = ""
    var rawAnswer: String?
    /// Number of the confidence's text, 0 for none.
    var confidence: UInt32 = 0
    var id: Int?

    private static let isAnswer: UInt64 = 1
    private static let hasRawAnswer: UInt64 = 2
    private static let hasID: UInt64 = 4

    init() {}

    /// The answer that comes next, nil behind the last.
    init?(from arena: inout ByteArenaReader) {
        let contents = arena.number()
        guard contents & Self.isAnswer != 0 else { return nil }
        confidence = UInt32(arena.number())
        answer = arena.text()
        rawAnswer = contents & Self.hasRawAnswer != 0 ? arena.text() : nil
        id = contents & Self.hasID != 0 ? Int(truncatingIfNeeded: arena.number()) : nil
    }

    /// Appends the answer.
    func pack(into arena: inout ByteArena) {
        arena.append(
            Self.isAnswer | (rawAnswer == nil ? 0 : Self.hasRawAnswer)
                | (id == nil ? 0 : Self.hasID)
        )
        arena.append(UInt64(confidence))
        arena.append(answer)
        if let rawAnswer { arena.append(rawAnswer) }
        if let id { arena.append(UInt64(truncatingIfNeeded: id)) }
    }

    /// Appends the mark that there are no more answers.
    static func packEnd(into arena: inout ByteArena) { arena.append(0) }
}

/// Where the pictures of a split lie.
struct ImageFolder: Sendable {
    private let location: ImageLocation
    private let root: DataRoot?

    /// Creates a folder; without a data root pictures have ids but no paths.
    init(_ location: ImageLocation, in root: DataRoot?) {
        self.location = location
        self.root = root
    }

    /// The picture of an id.
    /// - Precondition: the id is the decimal text of an integer, so that no path can lead out of
    ///   the data root.
    func reference(_ imageID: String) -> ImageReference {
        let path = root.map { "\($0.path)/\(location.path.path { _ in imageID })" } ?? ""
        return ImageReference(id: imageID, namespace: location.namespace, path: path)
    }
}
