internal import EvalCore
internal import InputFiles
internal import StrictJSON

/// Reads Hateful Memes' files: one object a line, a picture with the text that is written on it.
///
/// Ids are integers without the zeroes that the pictures' names begin with. Files of the challenge
/// have no labels.
struct HatefulMemesFile {
    private enum Field: String, CaseIterable {
        case id
        case image = "img"
        case label
        case text
    }

    private var rows: [HatefulMemesSamples.Row] = []
    private var ids = IntegerIDs()
    private let labels: LabelTranslation
    /// False for references, of which no metric needs pictures and texts.
    private let needsMemes: Bool
    private let fields = JSONFields<Field>()

    fileprivate init(_ files: SplitFiles, needsMemes: Bool) {
        labels = LabelTranslation(files.labels)
        self.needsMemes = needsMemes
    }

    fileprivate mutating func read(
        _ file: InputFile,
        _ images: ImageFolder
    ) throws -> SplitContents {
        let digest = try file.readJSONLines { try readRecord(&$0) }
        return SplitContents(
            source: HatefulMemesSamples(rows: rows, ids: ids, images: images),
            hasLabels: rows.contains { $0.label != nil },
            idType: .integer,
            digest: DataDigest.combined([digest])
        )
    }

    private mutating func readRecord(_ record: inout JSONScanner) throws {
        var id: Int?
        var row = HatefulMemesSamples.Row()
        try record.forEachMember(fields) { field, value in
            switch field {
            case .id: id = try value.naturalNumber()
            case .image: row.image = try Self.picture(&value)
            case .label: row.label = try label(&value)
            case .text: row.text = try value.string()
            }
        }
        row.id = try record.required(id, "id")
        if needsMemes {
            _ = try record.required(row.image, "img")
            _ = try record.required(row.text, "text")
        }
        if let first = rows.first, (first.label == nil) != (row.label == nil) {
            throw record.failure(
                row.label == nil
                    ? "has no \"label\", which the lines before it have"
                    : "has a \"label\", which the lines before it do not have",
                code: row.label == nil ? .missing : .unexpectedValue
            )
        }
        try ids.append(row.id, named: "id", record)
        rows.append(row)
    }

    private func label(_ value: inout JSONScanner) throws -> String {
        let spelling = String(try value.integer())
        guard let label = labels[spelling] else { throw value.failure(labels.unknown(spelling)) }
        return label.name
    }

    /// The path of a picture, such as `img/08291.png`.
    private static func picture(_ value: inout JSONScanner) throws -> String {
        let path = try value.string()
        do {
            _ = try ContainedPath.resolve(path, inside: "")
        } catch {
            throw value.failure("\(error)")
        }
        return path
    }
}

/// Some thousand memes, kept as they are.
struct HatefulMemesSamples: SampleSource {
    /// A meme; references may lack picture and text.
    struct Row: Sendable {
        var id = 0
        var image: String?
        var text: String?
        /// The label's name in prompts; nil if it is not public.
        var label: String?
    }

    let rows: [Row]
    let ids: IntegerIDs
    let images: ImageFolder

    var count: Int { rows.count }

    func id(at index: Int) -> String { String(rows[index].id) }

    func index(of id: String) -> Int? { ids.index(of: id) }

    func sample(at index: Int) -> Sample {
        let row = rows[index]
        return Sample(
            id: String(row.id),
            index: index,
            images: row.image.map { image in [images.reference(image) { _ in image }] } ?? [],
            fields: row.text.map { ["text": $0] } ?? [:],
            target: row.label.map { .label($0) } ?? .unlabelled
        )
    }
}

extension DatasetAdapter {
    /// Hateful Memes' own files.
    static let hatefulMemes = DatasetAdapter(
        name: "hatefulmemes",
        kind: .classification,
        requiredFiles: ["memes"],
        textFields: ["text"],
        pathFields: ["img"],
        read: { files, _, root in
            var reader = HatefulMemesFile(files, needsMemes: true)
            let file = try root.open(files.required("memes"))
            return try reader.read(file, ImageFolder(files.images, in: root))
        },
        readReferences: { path, files, _ in
            var reader = HatefulMemesFile(files, needsMemes: false)
            return try reader.read(InputFile(path), ImageFolder(files.images, in: nil))
        }
    )
}
