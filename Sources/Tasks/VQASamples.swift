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
    let positions: IDPositions
    let images: ImageFolder

    var count: Int { rows.count }

    func id(at index: Int) -> String { String(rows[index].id) }

    func index(of id: String) -> Int? {
        // "+7" and "007" are numbers too, but the ids of no sample.
        guard let number = Int64(id), String(number) == id else { return nil }
        return positions[number]
    }

    func sample(at index: Int) -> Sample {
        let row = rows[index]
        var categories: [String: String] = [:]
        categories["answer_type"] = texts.text(row.answerType)
        categories["question_type"] = texts.text(row.questionType)
        return Sample(
            id: String(row.id), index: index,
            images: row.imageID < 0 ? [] : [images.reference(String(row.imageID))],
            fields: question(of: row).map { ["question": $0] } ?? [:],
            target: row.answers < 0 ? .unlabelled : .answers(answers(at: Int(row.answers))),
            categories: categories)
    }

    private func question(of row: Row) -> String? {
        guard row.question >= 0 else { return nil }
        var reader = ByteArenaReader(arena, at: Int(row.question))
        return reader.text()
    }

    private func answers(at position: Int) -> [ReferenceAnswer] {
        var reader = ByteArenaReader(arena, at: position)
        return (0..<reader.number()).map { _ in
            let answer = reader.text()
            let rawAnswer = reader.number() == 1 ? reader.text() : nil
            let confidence = texts.text(UInt32(reader.number()))
            let hasID = reader.number() == 1
            return ReferenceAnswer(
                answer: answer, rawAnswer: rawAnswer, confidence: confidence,
                answerID: hasID ? Int(Int64(bitPattern: reader.number())) : nil)
        }
    }
}

extension ByteArena {
    /// Appends one answer as `VQASamples` reads it.
    mutating func append(_ answer: ReferenceAnswer, confidence: UInt32) {
        append(answer.answer)
        append(answer.rawAnswer == nil ? 0 : 1)
        if let raw = answer.rawAnswer { append(raw) }
        append(UInt64(confidence))
        append(answer.answerID == nil ? 0 : 1)
        if let id = answer.answerID { append(UInt64(bitPattern: Int64(id))) }
    }
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

/// Finds rows by id in 12 bytes a row.
struct IDPositions: Sendable {
    private let ids: [Int64]
    private let order: [Int32]

    /// Creates an index.
    /// - Parameter ids: one per row.
    init(_ ids: [Int64]) {
        let order = ids.indices.map { Int32($0) }.sorted {
            (ids[Int($0)], $0) < (ids[Int($1)], $1)
        }
        self.order = order
        self.ids = order.map { ids[Int($0)] }
    }

    /// The row of an id.
    subscript(id: Int64) -> Int? {
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? Int(order[low]) : nil
    }

    /// The first id that two rows have, with these rows in order.
    var duplicate: (id: Int64, first: Int, second: Int)? {
        for place in ids.indices.dropFirst() where ids[place] == ids[place - 1] {
            return (ids[place], Int(order[place - 1]), Int(order[place]))
        }
        return nil
    }
}
