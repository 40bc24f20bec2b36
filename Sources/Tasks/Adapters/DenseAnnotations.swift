internal import EvalCore
internal import InputFiles
internal import StrictJSON

/// VisDial's dense annotations: how relevant human readers found each option of one round.
struct DenseAnnotations: Sendable {
    /// The annotation of a dialog.
    struct Annotation {
        /// The round, from 1.
        var round: Int
        /// The relevance of each option, in file order, 0…1.
        var relevance: ArraySlice<Double>
    }

    private enum Field: String, CaseIterable {
        case imageID = "image_id"
        case round = "round_id"
        case relevance = "gt_relevance"
        /// What the file of training dialogs calls it.
        case trainingRelevance = "relevance"
    }

    private struct Row: Sendable {
        var imageID: Int
        var round: Int
        var start: Int
        var count: Int
    }

    private var rows: [Row] = []
    private var ids = IntegerIDs()
    private var relevances: [Double] = []

    /// Reads a file.
    /// - Returns: the annotations, and the digest of the file's content.
    /// - Throws: `JSONError` for a second annotation of a picture, a round below 1, no relevances,
    ///   and one that is not 0 to 1.
    static func read(_ file: InputFile) throws -> (annotations: DenseAnnotations, digest: String) {
        var annotations = DenseAnnotations()
        let fields = JSONFields<Field>()
        let digest = try file.readJSON { scanner in
            try scanner.forEachElement { try annotations.readRecord(&$0, fields) }
        }
        return (annotations, digest)
    }

    /// The annotation of a picture's dialog, nil if it has none.
    subscript(imageID: Int) -> Annotation? {
        ids[imageID].map { annotation(at: $0) }
    }

    /// The first annotated picture, in file order, for which `isWanted` holds.
    func first(where isWanted: (Int) -> Bool) -> Int? {
        rows.first { isWanted($0.imageID) }?.imageID
    }

    private func annotation(at position: Int) -> Annotation {
        let row = rows[position]
        let relevance = relevances[row.start..<(row.start + row.count)]
        return Annotation(round: row.round, relevance: relevance)
    }

    private mutating func readRecord(
        _ record: inout JSONScanner,
        _ fields: JSONFields<Field>
    ) throws {
        var imageID: Int?
        var round: Int?
        let start = relevances.count
        try record.forEachMember(fields) { field, value in
            switch field {
            case .imageID: imageID = try value.naturalNumber()
            case .round: round = try readRound(&value)
            case .relevance, .trainingRelevance:
                if relevances.count > start {
                    throw value.failure("stands beside \"gt_relevance\" or \"relevance\"")
                }
                try value.forEachElement { relevances.append(try Self.relevance(&$0)) }
            }
        }
        let id = try record.required(imageID, "image_id")
        let row = Row(
            imageID: id,
            round: try record.required(round, "round_id"),
            start: start,
            count: relevances.count - start
        )
        if row.count == 0 { throw record.missing("gt_relevance") }
        try ids.append(id, named: "image_id", record)
        rows.append(row)
    }

    private func readRound(_ value: inout JSONScanner) throws -> Int {
        let round = try value.integer()
        guard round >= 1 else {
            throw value.failure("expected a round, which counts from 1, got \(round)")
        }
        return round
    }

    private static func relevance(_ value: inout JSONScanner) throws -> Double {
        let relevance = try value.double()
        guard (0...1).contains(relevance) else {
            throw value.failure("expected a relevance of 0 to 1, got \(relevance)")
        }
        return relevance
    }
}

extension DenseAnnotations {
    /// Annotations as samples: nothing is known of the options but their relevance.
    private struct References: SampleSource {
        let annotations: DenseAnnotations
        let images: ImageFolder

        var count: Int { annotations.rows.count }

        func id(at index: Int) -> String { String(annotations.rows[index].imageID) }

        func index(of id: String) -> Int? { annotations.ids.index(of: id) }

        func sample(at index: Int) -> Sample {
            let id = id(at: index)
            let annotation = annotations.annotation(at: index)
            return Sample(
                id: id,
                index: index,
                images: [images.reference(id) { _ in id }],
                fields: [:],
                target: .relevance(Array(annotation.relevance), truth: nil),
                categories: [VisDialFile.roundCategory: String(annotation.round)]
            )
        }
    }

    /// Reads an annotation file alone.
    static func references(_ file: InputFile, _ images: ImageFolder) throws -> SplitContents {
        let (annotations, digest) = try read(file)
        return SplitContents(
            source: References(annotations: annotations, images: images),
            hasLabels: true,
            idType: .integer,
            digest: DataDigest.combined([digest])
        )
    }
}
