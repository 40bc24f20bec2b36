internal import EvalCore
internal import InputFiles
internal import StrictJSON

/// Reads ScienceQA's problems by id, those that have a picture.
///
/// `pid_splits.json` says which problems a split has, and in what order. References are problems
/// alone, which say themselves of which split they are, or else are all of the wanted one.
struct ScienceQAFile {
    /// The splits that the files are made of; the others that they list are parts of these.
    static let parts = ["train", "val", "test"]

    private let labels: LabelTranslation
    private let fields = ScienceQAProblem.Fields()
    private var rows: [ScienceQASamples.Row] = []
    private var ids: [String] = []
    private var arena = ByteArena()

    private init(_ files: SplitFiles) { labels = LabelTranslation(files.labels) }

    /// Reads all splits.
    fileprivate static func read(_ files: SplitFiles, root: DataRoot) throws -> SplitContents {
        var splits = try ScienceQASplits(root.open(files.required("splits")))
        var reader = ScienceQAFile(files)
        let file = try root.open(files.required("problems"))
        var order: [(place: Int, part: Int)] = []
        let digest = try file.readJSON { scanner in
            try scanner.forEachMember { pid, record in
                guard let place = splits.take(pid) else { return try record.skip() }
                if try reader.read(&record, pid, expectedPart: place.part) { order.append(place) }
            }
        }
        try splits.checkComplete(problems: file.path)
        let sorted = order.indices.sorted { order[$0].place < order[$1].place }
        return reader.contents(
            digests: [digest, splits.digest],
            images: ImageFolder(files.images, in: root),
            order: sorted,
            parts: sorted.map { UInt8(order[$0].part) }
        )
    }

    /// Reads problems alone.
    fileprivate static func readReferences(
        _ file: InputFile,
        _ files: SplitFiles
    ) throws -> SplitContents {
        var reader = ScienceQAFile(files)
        let digest = try file.readJSON { scanner in
            try scanner.forEachMember { pid, record in
                _ = try reader.read(&record, pid, expectedPart: nil)
            }
        }
        let parts = reader.rows.compactMap { $0.part.map { UInt8($0) } }
        guard parts.isEmpty || parts.count == reader.rows.count else {
            throw TasksError(.data, at: file.path, "some problems have a \"split\", others none")
        }
        return reader.contents(
            digests: [digest],
            images: ImageFolder(files.images, in: nil),
            order: Array(reader.rows.indices),
            parts: parts.isEmpty ? nil : parts
        )
    }

    private func contents(
        digests: [String],
        images: ImageFolder,
        order: [Int],
        parts: [UInt8]?
    ) -> SplitContents {
        let ids = order.map { self.ids[$0] }
        let positions = ids.enumerated().map { (Array($1.utf8), Int32($0)) }
        return SplitContents(
            source: ScienceQASamples(
                rows: order.map { rows[$0] },
                ids: ids,
                positions: Dictionary(uniqueKeysWithValues: positions),
                arena: arena,
                images: images
            ),
            hasLabels: true,
            idType: .string,
            digest: DataDigest.combined(digests),
            parts: parts.map { PartMembership(names: Self.parts, numbers: $0) },
            mayExceedSplit: parts == nil
        )
    }
}

extension ScienceQAFile {
    /// Reads a problem; false for one without a picture.
    ///
    /// `expectedPart` is the place of its split's name in `parts`; nil for references, of which no
    /// metric needs texts and pictures.
    private mutating func read(
        _ record: inout JSONScanner,
        _ pid: String,
        expectedPart: Int?
    ) throws -> Bool {
        let isReference = expectedPart == nil
        try record.checkFileName(Array(pid.utf8))
        let problem = try ScienceQAProblem(&record, fields)
        if let part = problem.part, let expectedPart, part != expectedPart {
            throw record.failure(
                "\"split\" is \(Self.parts[part]), but pid_splits.json has problem \(pid) in "
                    + Self.parts[expectedPart]
            )
        }
        if problem.image == nil {
            guard problem.hasImageMember || isReference else { throw record.missing("image") }
            if problem.hasImageMember { return false }
        }
        if !isReference {
            _ = try record.required(problem.question, "question")
            _ = try record.required(problem.choices, "choices")
        }
        try append(problem, pid, part: expectedPart ?? problem.part, record)
        return true
    }

    private mutating func append(
        _ problem: ScienceQAProblem,
        _ pid: String,
        part: Int?,
        _ record: borrowing JSONScanner
    ) throws {
        let answer = try record.required(problem.answer, "answer")
        if let count = problem.choices?.count, answer >= count {
            throw record.failure(
                "\"answer\" is \(answer), but there are \(count) choices from 0 on"
            )
        }
        guard let label = labels[String(answer)] else {
            throw record.failure("\"answer\": \(labels.unknown(String(answer)))")
        }
        var row = ScienceQASamples.Row(label: label.name, part: part)
        row.subject = problem.subject
        row.grade = problem.grade
        row.hasHint = !problem.hint.isEmpty
        row.start = try record.position(arena.end)
        for text in [
            problem.image ?? "", problem.context(labels), problem.question ?? "",
            problem.solution ?? "",
        ] {
            arena.append(text: Array(text.utf8))
        }
        rows.append(row)
        ids.append(pid)
    }
}

extension DatasetAdapter {
    /// ScienceQA's own files.
    static let scienceQA = DatasetAdapter(
        name: "scienceqa",
        kind: .classification,
        requiredFiles: ["problems", "splits"],
        parts: ScienceQAFile.parts,
        textFields: ["context", "question", "solution"],
        pathFields: ["split", "pid", "image"],
        categories: ["subject", "grade", "context"],
        read: { files, _, root in try ScienceQAFile.read(files, root: root) },
        readReferences: { path, files, _ in
            try ScienceQAFile.readReferences(InputFile(path), files)
        }
    )
}
