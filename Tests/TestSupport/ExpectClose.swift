public import Testing

/// Expects two tensors of numbers to agree: `|got - expected| ≤ absolute + relative · |expected|`.
///
/// A failure prints the shape, the first bad index with both values and the largest difference.
/// NaN agrees with nothing, an infinity with itself.
/// - Parameters:
///   - got: row-major values.
///   - expected: as many.
///   - shape: their extents, for the message; `[count]` if empty.
///   - relative: tolerance relative to the expected value.
///   - absolute: absolute tolerance.
///   - what: names the value in the message.
///   - sourceLocation: the calling line.
/// - Returns: the largest absolute difference, for reports; infinity if the counts differ.
@discardableResult
public func expectClose(
    _ got: [Float],
    _ expected: [Float],
    shape: [Int] = [],
    relative: Float = 0,
    absolute: Float = 0,
    _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) -> Float {
    guard got.count == expected.count else {
        Issue.record(
            "\(what): \(got.count) values, expected \(expected.count)",
            sourceLocation: sourceLocation
        )
        return .infinity
    }
    var largest: Float = 0
    var firstBad: Int?
    var badCount = 0
    for (index, (value, wanted)) in zip(got, expected).enumerated() {
        let difference = value == wanted ? 0 : abs(value - wanted)
        largest = max(largest, difference.isNaN ? .infinity : difference)
        guard !(difference <= absolute + relative * abs(wanted)) else { continue }
        firstBad = firstBad ?? index
        badCount += 1
    }
    if let firstBad {
        let extents = shape.isEmpty ? [got.count] : shape
        Issue.record(
            """
            \(what): \(badCount) of \(got.count) values of \(extents) differ; first at \
            \(position(of: firstBad, in: extents)): got \(got[firstBad]), \
            expected \(expected[firstBad]); largest difference \(largest)
            """,
            sourceLocation: sourceLocation
        )
    }
    return largest
}

/// The index per dimension of a row-major element.
private func position(of index: Int, in shape: [Int]) -> [Int] {
    var rest = index
    return shape.reversed().map { extent in
        defer { rest /= max(extent, 1) }
        return rest % max(extent, 1)
    }.reversed()
}
