internal import EvalCore
internal import InputFiles
internal import StrictJSON

/// Reads Winoground's `examples.jsonl`: one object a line, two pictures and two captions each.
///
/// Caption i belongs to picture i. A picture's name may lack its extension, which is `.png` then.
struct WinogroundFile {
    private enum Field: String, CaseIterable {
        case id
        case image0 = "image_0"
        case image1 = "image_1"
        case caption0 = "caption_0"
        case caption1 = "caption_1"
        case tag
        case collapsedTag = "collapsed_tag"
    }

    private var rows: [WinogroundSamples.Row] = []
    private var ids = IntegerIDs()
    /// False for references, of which no metric needs captions and pictures.
    private let needsPairs: Bool
    private let fields = JSONFields<Field>()

    fileprivate init(needsPairs: Bool) { self.needsPairs = needsPairs }

    fileprivate mutating func read(
        _ file: InputFile,
        _ images: ImageFolder
    ) throws -> SplitContents {
        let digest = try file.readJSONLines { try readRecord(&$0) }
        return SplitContents(
            source: WinogroundSamples(rows: rows, ids: ids, images: images),
            hasLabels: true,
            idType: .integer,
            digest: DataDigest.combined([digest])
        )
    }

    private mutating func readRecord(_ record: inout JSONScanner) throws {
        var row = WinogroundSamples.Row()
        var id: Int?
        try record.forEachMember(fields) { field, value in
            switch field {
            case .id: id = try value.naturalNumber()
            case .image0: row.images.0 = try Self.fileName(&value)
            case .image1: row.images.1 = try Self.fileName(&value)
            case .caption0: row.captions.0 = try value.string()
            case .caption1: row.captions.1 = try value.string()
            case .tag: row.categories["tag"] = try value.string()
            case .collapsedTag: row.categories["collapsed_tag"] = try value.string()
            }
        }
        row.id = try record.required(id, "id")
        if needsPairs {
            _ = try record.required(row.images.0, "image_0")
            _ = try record.required(row.images.1, "image_1")
            _ = try record.required(row.captions.0, "caption_0")
            _ = try record.required(row.captions.1, "caption_1")
        }
        try ids.append(row.id, named: "id", record)
        rows.append(row)
    }

    /// The name of a picture's file.
    private static func fileName(_ value: inout JSONScanner) throws -> String {
        let name = try value.string()
        try value.checkFileName(Array(name.utf8))
        return name.utf8.contains(UInt8(ascii: ".")) ? name : name + ".png"
    }
}

/// Winoground's few hundred items, kept as they are.
struct WinogroundSamples: SampleSource {
    /// An item; references may lack pictures and captions.
    struct Row: Sendable {
        var id = 0
        /// Names of the pictures' files.
        var images: (String?, String?)
        var captions: (String?, String?)
        var categories: [String: String] = [:]
    }

    let rows: [Row]
    let ids: IntegerIDs
    let images: ImageFolder

    var count: Int { rows.count }

    func id(at index: Int) -> String { String(rows[index].id) }

    func index(of id: String) -> Int? { ids.index(of: id) }

    func sample(at index: Int) -> Sample {
        let row = rows[index]
        let names = [row.images.0, row.images.1].compactMap(\.self)
        return Sample(
            id: String(row.id),
            index: index,
            images: names.map { name in images.reference(name) { _ in name } },
            fields: [:],
            candidates: [row.captions.0, row.captions.1].compactMap(\.self),
            target: .pairs,
            categories: row.categories
        )
    }
}

extension DatasetAdapter {
    /// Winoground's own file.
    static let winoground = DatasetAdapter(
        name: "winoground",
        kind: .matching,
        requiredFiles: ["examples"],
        textFields: [],
        pathFields: ["image"],
        categories: ["collapsed_tag", "tag"],
        read: { files, _, root in
            var reader = WinogroundFile(needsPairs: true)
            let file = try root.open(files.required("examples"))
            return try reader.read(file, ImageFolder(files.images, in: root))
        },
        readReferences: { path, files, _ in
            var reader = WinogroundFile(needsPairs: false)
            return try reader.read(InputFile(path), ImageFolder(files.images, in: nil))
        }
    )
}
