/// Which rows of a sequence are asked for.
public enum RequestedRows: Sendable, Equatable {
    /// None: the pass only fills the cache.
    case none
    /// The last row: prefill before decoding, and every decode step.
    case last
    /// Every row.
    case all
    /// These rows, counted from the sequence's first row of this pass, ascending.
    case list([Int])

    /// The rows of a sequence of `count` rows.
    func indices(of count: Int) -> [Int] {
        switch self {
        case .none: []
        case .last: [count - 1]
        case .all: Array(0..<count)
        case .list(let rows): rows
        }
    }
}

/// The rows of one sequence inside a packed pass.
public struct PackedSequence {
    /// Its rows of the batch.
    public let rows: Range<Int>
    /// Its past; positions continue at `cache.count`, the rows' keys and values are appended.
    public let cache: KeyValueCache
    /// Per row, the index in `images` of the one image that it sees, or -1 for none.
    public let imageIndex: [Int32]
    /// The images that rows may see.
    public let images: [ImageStates]
    /// The rows whose hidden state or logits are wanted.
    public let requestedRows: RequestedRows
}

/// Token rows of many sequences, one behind the other without padding: prefill and decode mixed.
public struct PackedBatch {
    /// Token ids `[T]` of all rows.
    public private(set) var tokens: [Int32] = []
    /// The sequences, in row order; their rows cover `tokens` without gaps.
    public private(set) var sequences: [PackedSequence] = []

    /// Creates an empty batch.
    public init() {}

    /// Appends the next tokens of one sequence.
    /// - Parameters:
    ///   - tokens: ids `[n]`, `n ≥ 1`, each below the model's `logitCount`.
    ///   - cache: the sequence's past; a cache occurs at most once in a batch.
    ///   - imageIndex: `[n]`; the image of `images` that each token sees, -1 for none.
    ///   - images: what the indices name.
    ///   - requestedRows: the rows to return, in ascending order.
    /// - Precondition: the counts agree, every index is below `images.count` and rows ascend.
    public mutating func append(
        tokens: [Int32],
        cache: KeyValueCache,
        imageIndex: [Int32],
        images: [ImageStates],
        requestedRows: RequestedRows
    ) {
        precondition(
            !tokens.isEmpty && tokens.count == imageIndex.count,
            "packed batch: \(tokens.count) tokens with \(imageIndex.count) image indices"
        )
        precondition(
            imageIndex.allSatisfy { $0 >= -1 && $0 < images.count },
            "packed batch: an image index outside -1..<\(images.count)"
        )
        precondition(
            !sequences.contains { $0.cache === cache },
            "packed batch: one cache in two sequences"
        )
        let wanted = requestedRows.indices(of: tokens.count)
        precondition(
            zip(wanted, wanted.dropFirst()).allSatisfy { $0 < $1 }
                && wanted.allSatisfy { tokens.indices.contains($0) },
            "packed batch: requested rows must ascend below \(tokens.count)"
        )
        sequences.append(
            PackedSequence(
                rows: self.tokens.count..<self.tokens.count + tokens.count,
                cache: cache,
                imageIndex: imageIndex,
                images: images,
                requestedRows: requestedRows
            )
        )
        self.tokens += tokens
    }

    /// How many rows are asked for.
    public var requestedRowCount: Int { requestedRows.count }

    /// The batch rows asked for, in sequence order.
    var requestedRows: [Int] {
        sequences.flatMap { sequence in
            sequence.requestedRows.indices(of: sequence.rows.count)
                .map { sequence.rows.lowerBound + $0 }
        }
    }

    /// The text position of every row.
    var positions: [Int32] {
        sequences.flatMap { sequence in
            sequence.rows.indices.map { row in
                Int32(sequence.cache.count + row - sequence.rows.lowerBound)
            }
        }
    }
}
