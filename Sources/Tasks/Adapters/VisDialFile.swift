internal import InputFiles
internal import StrictJSON

/// Reads VisDial's files: dialogs about pictures, whose texts stand in two pools, and the dense
/// annotations of one round of each.
///
/// With dense annotations the samples are the annotated dialogs, in the dialogs' order, each asked
/// the annotated round (counted from 1). Without, each dialog is asked its last round, and the
/// right answer is that of the file: what a shot shows. Pools and dialogs may stand in any order.
struct VisDialFile {
    /// The category that tells which round, from 1, is asked.
    static let roundCategory = "round"

    private enum Section: String, CaseIterable {
        case data
    }

    private enum DataField: String, CaseIterable {
        case questions, answers, dialogs
    }

    private enum DialogField: String, CaseIterable {
        case imageID = "image_id"
        case caption
        case dialog
    }

    private var rows: [VisDialSamples.Row] = []
    private var ids = IntegerIDs()
    private var arena = ByteArena()
    private var questions = TextPool()
    private var answers = TextPool()
    private let dense: DenseAnnotations?
    /// Those of the dialog that was read last.
    private var rounds: VisDialRounds
    /// How many dialogs were read, annotated or not.
    private var dialogCount = 0
    private let dataFields = JSONFields<DataField>()
    private let dialogFields = JSONFields<DialogField>()

    /// Bytes that a dialog without options takes in the arena.
    private static let usualBytes = 120

    private init(expectedCount: Int, dense: DenseAnnotations?) {
        self.dense = dense
        rounds = VisDialRounds(withOptions: dense != nil)
        let count = min(expectedCount, 1 << 18)
        rows.reserveCapacity(count)
        ids.reserve(count)
        arena.reserve(count * Self.usualBytes)
    }

    /// Reads a split.
    static func read(
        _ files: SplitFiles,
        expectedCount: Int,
        root: DataRoot
    ) throws -> SplitContents {
        var digests: [String] = []
        var dense: DenseAnnotations?
        if let annotations = files.files["dense"] {
            let read = try DenseAnnotations.read(try root.open(annotations))
            digests = [read.digest]
            dense = read.annotations
        }
        var reader = VisDialFile(expectedCount: expectedCount, dense: dense)
        let file = try root.open(files.required("dialogs"))
        digests.insert(try reader.read(file), at: 0)
        let images = ImageFolder(files.images, in: root)
        return try reader.contents(of: file, DataDigest.combined(digests), images)
    }

    private mutating func read(_ file: InputFile) throws -> String {
        var isFound = false
        let digest = try file.readJSON { scanner in
            try scanner.forEachMember(JSONFields<Section>()) { _, data in
                try data.forEachMember(dataFields) { field, list in
                    switch field {
                    case .questions: try questions.read(&list)
                    case .answers: try answers.read(&list)
                    case .dialogs:
                        isFound = true
                        try list.forEachElement { try readDialog(&$0) }
                    }
                }
            }
        }
        guard isFound else {
            throw TasksError(.data, at: file.path, "has no \"dialogs\" in \"data\"")
        }
        return digest
    }
}

extension VisDialFile {
    /// Reads a dialog and keeps what its sample shows.
    private mutating func readDialog(_ record: inout JSONScanner) throws {
        defer { dialogCount += 1 }
        let start = arena.end
        let line = record.line
        var imageID: Int?
        var caption: [UInt8]?
        rounds.removeAll()
        try record.forEachMember(dialogFields) { field, value in
            switch field {
            case .imageID: imageID = try value.naturalNumber()
            case .caption:
                var text: [UInt8] = []
                try value.appendString(to: &text)
                caption = text
            case .dialog: try rounds.read(&value)
            }
        }
        let id = try record.required(imageID, "image_id")
        let text = try record.required(caption, "caption")
        if rounds.count == 0 { throw record.failure("has no rounds in \"dialog\"") }
        guard let asked = try askedRound(of: id, record) else { return }
        try ids.append(id, named: "image_id", record) { "dialogs[\(rows[$0].dialog)]" }
        let row = VisDialSamples.Row(
            imageID: id,
            start: try record.position(start),
            dialog: Int32(truncatingIfNeeded: dialogCount),
            line: Int32(truncatingIfNeeded: line)
        )
        rows.append(row)
        arena.append(text: text)
        try rounds.append(upTo: asked, to: &arena, record)
    }

    /// The round that is asked, from 1; nil for a dialog without dense annotation.
    private func askedRound(of id: Int, _ record: borrowing JSONScanner) throws -> Int? {
        guard let dense else { return rounds.count }
        guard let annotation = dense[id] else { return nil }
        guard annotation.round <= rounds.count else {
            throw record.failure(
                "image_id \(id) has \(rounds.count) rounds, but its dense annotation is of "
                    + "round_id \(annotation.round) (it counts from 1)"
            )
        }
        let count = rounds.optionCount(ofRound: annotation.round)
        guard annotation.relevance.count == count else {
            throw record.failure(
                "image_id \(id) has \(count) answer_options in round \(annotation.round), but "
                    + "\(annotation.relevance.count) relevances in its dense annotation"
            )
        }
        return annotation.round
    }
}

extension VisDialFile {
    private func contents(
        of file: InputFile,
        _ digest: String,
        _ images: ImageFolder
    ) throws(TasksError) -> SplitContents {
        let samples = VisDialSamples(
            rows: rows,
            ids: ids,
            arena: arena,
            questions: questions,
            answers: answers,
            dense: dense,
            images: images
        )
        for row in rows { try check(row, of: samples, in: file) }
        if let stray = dense?.first(where: { ids[$0] == nil }) {
            throw TasksError(
                .data,
                at: file.path,
                "has no dialog of image_id \(stray), which has a dense annotation; the two files "
                    + "must be of the same split"
            )
        }
        return SplitContents(
            source: samples,
            hasLabels: true,
            idType: .integer,
            digest: digest
        )
    }

    /// Makes sure that a sample names texts of the pools only; these may stand behind it.
    private func check(
        _ row: VisDialSamples.Row,
        of samples: VisDialSamples,
        in file: InputFile
    ) throws(TasksError) {
        let dialog = samples.dialog(of: row)
        func place(_ rest: String) -> String {
            "\(file.path):\(row.line): data.dialogs[\(row.dialog)].dialog\(rest)"
        }
        func checkPlace(
            _ index: Int,
            _ pool: TextPool,
            _ name: String,
            _ rest: String
        ) throws(TasksError) {
            guard index >= pool.count else { return }
            throw TasksError(
                .data,
                at: place(rest),
                "is \(index), but data.\(name) has \(pool.count) texts (places count from 0)"
            )
        }
        for (number, question) in dialog.questions.enumerated() {
            try checkPlace(question, questions, "questions", "[\(number)].question")
        }
        for (number, answer) in dialog.answers.enumerated() {
            try checkPlace(answer, answers, "answers", "[\(number)].answer")
        }
        let asked = dialog.questions.count - 1
        for (number, option) in dialog.options.enumerated() {
            try checkPlace(option, answers, "answers", "[\(asked)].answer_options[\(number)]")
        }
    }
}

extension DatasetAdapter {
    /// VisDial's dialogs, with dense annotations or without.
    static let visdial = DatasetAdapter(
        name: "visdial",
        kind: .ranking,
        requiredFiles: ["dialogs"],
        optionalFiles: ["dense"],
        textFields: ["caption", "context"],
        pathFields: ["image_id"],
        categories: [VisDialFile.roundCategory],
        read: { try VisDialFile.read($0, expectedCount: $1, root: $2) },
        readReferences: { path, files, _ in
            try DenseAnnotations.references(InputFile(path), ImageFolder(files.images, in: nil))
        }
    )
}
