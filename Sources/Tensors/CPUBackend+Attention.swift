extension CPUBackend {
    /// Rotary position embedding in place: `y[j] = x[j] cos - x[j + d/2] sin`,
    /// `y[j + d/2] = x[j + d/2] cos + x[j] sin` for `j < d/2` of each head.
    /// - Parameters:
    ///   - x: `[M, heads·d]` f32.
    ///   - heads: number of heads.
    ///   - positions: `M` positions within the table.
    ///   - table: angles for heads of width `d`.
    /// - Precondition: shapes fit and positions lie inside the table.
    public func rotate(_ x: Tensor, heads: Int, positions: [Int32], table: RotaryTable) {
        precondition(
            x.dtype == .f32 && heads * table.headDimension == x.columns
                && positions.count == x.rows,
            "rotate: x \(x.shape) \(x.dtype), \(heads) heads of \(table.headDimension), "
                + "\(positions.count) positions"
        )
        precondition(
            positions.allSatisfy { $0 >= 0 && Int($0) < table.positionCount },
            "rotate: positions \(positions.min() ?? 0)...\(positions.max() ?? 0), "
                + "table of \(table.positionCount)"
        )
        forEachRows(x.rows, width: x.columns) { [kernels] rows in
            for row in rows {
                kernels.rotate(
                    x,
                    row: row,
                    heads: heads,
                    position: Int(positions[row]),
                    table: table
                )
            }
        }
    }

    /// Softmax attention (Vaswani et al., equation 1) of packed sequences.
    /// - Parameters:
    ///   - queries: `[M, heads·d]` f32; rounded to bf16 where a span's keys are.
    ///   - heads: number of heads.
    ///   - scale: multiplies the scores before the softmax.
    ///   - segments: disjoint rows of the queries with the keys they see.
    /// - Returns: `[M, heads·d]` f32; zeros in rows that no segment names or that see no key.
    /// - Precondition: shapes fit, segments lie inside.
    /// - Complexity: 4·d·heads FLOP per pair of query and visible key.
    public func attention(
        _ queries: Tensor,
        heads: Int,
        scale: Float,
        segments: [AttentionSegment]
    ) -> Tensor {
        Self.check(queries, heads: heads, segments: segments)
        profile?.count(segments.reduce(0) { $0 + 4 * Double(queries.columns * $1.visiblePairs) })
        let out = makeResult(queries.shape)
        out.clear()
        let needsRounding = segments.contains { $0.spans.contains { $0.keys.dtype == .bf16 } }
        let problem = AttentionProblem(
            out: out,
            queries: queries,
            roundedQueries: needsRounding ? rounded(queries) : nil,
            heads: heads,
            scale: scale
        )
        let parts = Self.parts(of: segments)
        pool.forEach(parts.count * heads) { [kernels] index in
            let part = parts[index / heads]
            kernels.attend(
                problem,
                segment: segments[part.segment],
                rows: part.rows,
                head: index % heads
            )
        }
        return out
    }

    private struct Part {
        let segment: Int
        let rows: Range<Int>
    }

    /// Cuts segments into runs of rows of about equal work.
    private static func parts(of segments: [AttentionSegment]) -> [Part] {
        let height = 96
        return segments.indices.flatMap { index -> [Part] in
            let rows = segments[index].queryRows
            guard !segments[index].spans.isEmpty else { return [] }
            return stride(from: rows.lowerBound, to: rows.upperBound, by: height).map { first in
                Part(segment: index, rows: first..<min(first + height, rows.upperBound))
            }
        }
    }

    private static func check(_ queries: Tensor, heads: Int, segments: [AttentionSegment]) {
        precondition(
            queries.dtype == .f32 && heads > 0 && queries.columns % heads == 0,
            "attention: queries \(queries.shape) \(queries.dtype), \(heads) heads"
        )
        for segment in segments {
            precondition(
                segment.queryRows.lowerBound >= 0 && segment.queryRows.upperBound <= queries.rows,
                "attention: segment rows \(segment.queryRows), queries \(queries.shape)"
            )
            for span in segment.spans {
                precondition(
                    span.keys.columns == queries.columns
                        && (span.keys.dtype == .f32 || span.keys.dtype == .bf16),
                    "attention: queries \(queries.shape), keys \(span.keys.shape) "
                        + "\(span.keys.dtype)"
                )
            }
        }
    }
}
