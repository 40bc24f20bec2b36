/// A run of cached positions that queries may attend to.
public struct KeyValueSpan: Sendable {
    /// `[n, H·d]`, heads side by side, f32 or bf16.
    public let keys: Tensor
    /// `[n, H·d]`, same dtype as `keys`.
    public let values: Tensor
    /// The rows of both that belong to the span.
    public let range: Range<Int>

    /// Names rows of a key and a value tensor.
    /// - Parameters:
    ///   - keys: `[n, H·d]`, f32 or bf16.
    ///   - values: same shape and dtype.
    ///   - range: within `0..<n`.
    /// - Precondition: shapes and dtypes are equal and the range lies inside.
    public init(keys: Tensor, values: Tensor, range: Range<Int>) {
        precondition(
            keys.shape == values.shape && keys.dtype == values.dtype,
            "span: keys \(keys.shape) \(keys.dtype), values \(values.shape) \(values.dtype)"
        )
        precondition(
            range.lowerBound >= 0 && range.upperBound <= keys.rows,
            "span: rows \(range) of \(keys.shape)"
        )
        self.keys = keys
        self.values = values
        self.range = range
    }
}

/// Query rows that share their keys: one sequence of a packed batch.
///
/// Every query row sees all of every span but the last. Of the last span, row `r` (from 0, within
/// the segment) sees the first `last.count - queryRows.count + r + 1` positions if `causal`, else
/// all of it. The spans are one sequence of keys: results do not depend on where it is cut.
public struct AttentionSegment: Sendable {
    /// Rows of the query tensor.
    public let queryRows: Range<Int>
    /// Keys and values in order of position; none means that the rows come out as zeros.
    public let spans: [KeyValueSpan]
    /// Whether the last span is seen up to the row's own position only.
    public let causal: Bool

    /// Pairs of a query row and a position that it sees.
    var visiblePairs: Int {
        let rows = queryRows.count
        let all = rows * spans.reduce(0) { $0 + $1.range.count }
        return causal ? all - rows * (rows - 1) / 2 : all
    }

    /// Describes one segment.
    /// - Parameters:
    ///   - queryRows: rows of the query tensor.
    ///   - spans: keys and values in order of position.
    ///   - causal: needs a last span with at least as many positions as there are query rows.
    /// - Precondition: a causal segment's last span has a position for each query row.
    public init(queryRows: Range<Int>, spans: [KeyValueSpan], causal: Bool) {
        if causal, let last = spans.last {
            precondition(
                last.range.count >= queryRows.count,
                "causal segment: \(queryRows.count) rows, last span \(last.range)"
            )
        }
        self.queryRows = queryRows
        self.spans = spans
        self.causal = causal
    }
}
