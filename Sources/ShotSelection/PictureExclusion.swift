internal import EvalCore

/// Which members of a support set show a picture of a query.
struct PictureExclusion: Sendable {
    private let positionsByImage: [String: [Int]]
    private let positionsByContent: [String: [Int]]
    private let positionsByPixels: [PixelDigest: [Int]]

    /// Looks at the members once.
    /// - Parameters:
    ///   - support: the members.
    ///   - pixelDigests: of each member's picture, in the same order; empty if they are not known.
    init(_ support: SupportSet, pixelDigests: [PixelDigest] = []) {
        positionsByImage = Self.positions(support.items.lazy.map(\.imageKeys))
        positionsByContent = Self.positions(support.items.lazy.map(\.contentDigests))
        positionsByPixels = Self.positions(pixelDigests.lazy.map { [$0] })
    }

    /// The positions of members that show a picture of the query under the same key, or the same
    /// file or the same pixels under another.
    func positions(
        for query: Sample,
        contentDigests: [String],
        pixelDigest: PixelDigest? = nil
    ) -> Set<Int> {
        var excluded: Set<Int> = []
        for image in query.images { excluded.formUnion(positionsByImage[image.key] ?? []) }
        for digest in contentDigests { excluded.formUnion(positionsByContent[digest] ?? []) }
        if let pixelDigest { excluded.formUnion(positionsByPixels[pixelDigest] ?? []) }
        return excluded
    }

    private static func positions<Key: Hashable>(_ keys: some Sequence<[Key]>) -> [Key: [Int]] {
        var positions: [Key: [Int]] = [:]
        for (position, keys) in keys.enumerated() {
            for key in keys { positions[key, default: []].append(position) }
        }
        return positions
    }
}
