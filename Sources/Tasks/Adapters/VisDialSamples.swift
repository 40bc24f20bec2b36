internal import EvalCore
internal import StrictJSON

/// Dialogs about pictures, packed: about 100 bytes a dialog beside its options and the pools.
struct VisDialSamples: SampleSource {
    /// What is kept of one dialog; its caption and rounds lie in the arena.
    struct Row: Sendable {
        /// The picture's id, which is the sample's.
        var imageID: Int
        /// Where caption and rounds lie.
        var start: Int32
        /// Its place in the file's list.
        var dialog: Int32
        /// The line of the file in which it begins.
        var line: Int32
    }

    /// A dialog as far as its sample shows it; numbers are places in the pools.
    struct Dialog {
        var caption: String
        /// The questions up to the asked one.
        var questions: [Int] = []
        /// The answers to them; the asked one's is last where shots show it, else missing.
        var answers: [Int] = []
        /// The place of the true answer in `options`, nil if it is not public.
        var truth: Int?
        /// The options of the asked round, in file order.
        var options: [Int] = []
    }

    let rows: [Row]
    let ids: IntegerIDs
    let arena: ByteArena
    let questions: TextPool
    let answers: TextPool
    /// The relevance of options; nil where samples serve as shots.
    let dense: DenseAnnotations?
    let images: ImageFolder

    var count: Int { rows.count }

    func id(at index: Int) -> String { String(rows[index].imageID) }

    func index(of id: String) -> Int? { ids.index(of: id) }

    func sample(at index: Int) -> Sample {
        let row = rows[index]
        let id = String(row.imageID)
        let dialog = dialog(of: row)
        return Sample(
            id: id,
            index: index,
            images: [images.reference(id) { _ in id }],
            fields: ["caption": dialog.caption, "context": context(of: dialog)],
            candidates: dialog.options.map { answers[$0] },
            target: target(of: dialog, row),
            categories: [VisDialFile.roundCategory: String(dialog.questions.count)]
        )
    }

    /// Takes a dialog out of the arena.
    func dialog(of row: Row) -> Dialog {
        var reader = ByteArenaReader(arena, at: Int(row.start))
        var dialog = Dialog(caption: reader.text())
        let asked = Int(reader.number())
        for number in 0...asked {
            dialog.questions.append(Int(reader.number()))
            if number < asked || dense == nil { dialog.answers.append(Int(reader.number())) }
        }
        guard dense != nil else { return dialog }
        let truth = Int(reader.number())
        dialog.truth = truth == 0 ? nil : truth - 1
        let count = Int(reader.number())
        dialog.options = (0..<count).map { _ in Int(reader.number()) }
        return dialog
    }

    /// The earlier rounds with their answers, then the question that is asked.
    ///
    /// It ends in front of the space before the answer. `?` is added to every question: those of
    /// the official files have none.
    private func context(of dialog: Dialog) -> String {
        let asked = dialog.questions.count - 1
        var text = ""
        for (question, answer) in zip(dialog.questions[..<asked], dialog.answers) {
            text += "Question: \(questions[question])? Answer: \(answers[answer]). "
        }
        return text + "Question: \(questions[dialog.questions[asked]])? Answer:"
    }

    private func target(of dialog: Dialog, _ row: Row) -> Target {
        if let annotation = dense?[row.imageID] {
            return .relevance(Array(annotation.relevance), truth: dialog.truth)
        }
        guard let answer = dialog.answers.last else {
            preconditionFailure("dialog \(row.imageID) is shown without its last answer")
        }
        return .label(answers[answer])
    }
}

/// Texts that a file lists once and names by their places.
struct TextPool: Sendable {
    private var arena = ByteArena()
    private var starts: [Int32] = []

    /// How many texts there are.
    var count: Int { starts.count }

    /// The text at a place, verbatim.
    subscript(place: Int) -> String {
        var reader = ByteArenaReader(arena, at: Int(starts[place]))
        return reader.text()
    }

    /// Reads a list of texts.
    mutating func read(_ list: inout JSONScanner) throws {
        try list.forEachElement { element in
            starts.append(try element.position(arena.end))
            try arena.appendText { try element.appendString(to: &$0) }
        }
    }
}
