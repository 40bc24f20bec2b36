/// One member of a support set: what shot selection needs to know about it.
public struct SupportItem: Sendable, Hashable {
    /// The sample's id in its own split.
    public var id: String
    /// Position of the sample in its split's file order.
    public var index: Int
    /// Keys of its pictures (`ImageReference.key`).
    public var imageKeys: [String]
    /// Digests of the picture files, filled only where a query's file has the same size.
    public var contentDigests: [String]
    /// The class, in tasks whose support sets are drawn per class.
    public var label: String?

    /// Creates an item.
    public init(
        id: String,
        index: Int,
        imageKeys: [String],
        contentDigests: [String] = [],
        label: String? = nil
    ) {
        self.id = id
        self.index = index
        self.imageKeys = imageKeys
        self.contentDigests = contentDigests
        self.label = label
    }
}

/// The labelled pool that shots are drawn from: fixed by task, split and seed.
public struct SupportSet: Sendable, Hashable {
    /// The members, in the order in which they were drawn.
    public var items: [SupportItem]
    /// The size that the protocol or the user asked for; `items.count` may be smaller.
    public var requestedCount: Int
    /// Name of the slice it was drawn from: `train`, or `test-support` and the like.
    public var slice: String
    /// SHA-256 (hex) of the members' ids in order.
    public var digest: String

    /// Creates a support set.
    public init(items: [SupportItem], requestedCount: Int, slice: String, digest: String) {
        self.items = items
        self.requestedCount = requestedCount
        self.slice = slice
        self.digest = digest
    }
}

/// What a selector chose for one query.
public struct ShotSelection: Sendable, Hashable {
    /// Positions in `SupportSet.items`, in prompt order.
    public var indices: [Int]
    /// Cosine similarity to the query for each shot, for selections that have one.
    public var similarities: [Double]?
    /// Support items left out because they show the query's picture.
    public var excludedCount: Int

    /// Creates a selection.
    public init(indices: [Int], similarities: [Double]? = nil, excludedCount: Int = 0) {
        self.indices = indices
        self.similarities = similarities
        self.excludedCount = excludedCount
    }
}

/// One in-context example: a support sample with its answer shown.
public struct Shot: Sendable, Hashable {
    /// The support sample.
    public var sample: Sample
    /// The answer that the prompt shows, chosen by the protocol's rule.
    public var answer: String
    /// True for the 0-shot rule of open-ended tasks: the example's text without its picture.
    public var isTextOnly: Bool

    /// Creates a shot.
    public init(sample: Sample, answer: String, isTextOnly: Bool = false) {
        self.sample = sample
        self.answer = answer
        self.isTextOnly = isTextOnly
    }
}
