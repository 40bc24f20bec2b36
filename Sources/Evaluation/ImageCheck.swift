internal import EvalCore
internal import Tasks

/// Looks for pictures that do not exist.
struct ImageCheck {
    private var seen: Set<String> = []
    private var missing: Set<String> = []
    private var first: (path: String, sample: String, origin: String)?

    /// Looks for the pictures of a sample, which come from `origin`.
    mutating func add(
        _ sample: Sample,
        from origin: String,
        pictures: inout PictureFiles
    ) throws {
        for image in sample.images where seen.insert(image.path).inserted {
            guard try pictures.size(of: image.path) == nil else { continue }
            missing.insert(image.path)
            first = first ?? (image.path, sample.id, origin)
        }
    }

    /// - Throws: `EvaluationError.missingImages` if one is missing.
    func finish() throws {
        guard let first else { return }
        throw EvaluationError.missingImages(
            count: missing.count,
            total: seen.count,
            first: first.path,
            sample: first.sample,
            from: first.origin
        )
    }
}

extension TaskDefinition {
    /// Where the pictures of a split come from.
    func imageOrigin(of name: String) -> String {
        guard let split = splits.first(where: { $0.name == name }) else { return "the dataset" }
        switch split.origin {
        case .files(let files): return files.images.from
        case .slice(let source): return imageOrigin(of: source)
        }
    }
}
