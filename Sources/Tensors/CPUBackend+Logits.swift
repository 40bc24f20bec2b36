import Foundation

extension CPUBackend {
    /// `ln Σ exp(logits)` of one row, summed in double.
    /// - Parameters:
    ///   - logits: `[M, V]` f32.
    ///   - row: within `0..<M`.
    /// - Returns: nats; -∞ if every logit is; NaN if one is.
    public func logSumExp(_ logits: Tensor, row: Int) -> Double {
        Self.check(logits, row: row)
        let maximum = kernels.maximum(logits, row: row)
        // The sum's origin must be finite, or the difference of two infinities is NaN.
        let origin = maximum.isFinite ? maximum : 0
        return Double(origin) + log(kernels.sumExp(logits, row: row, maximum: origin))
    }

    /// Natural-log probabilities of one row.
    /// - Parameters:
    ///   - logits: `[M, V]` f32.
    ///   - row: within `0..<M`.
    /// - Returns: `V` values ≤ 0.
    public func logProbabilities(_ logits: Tensor, row: Int) -> [Float] {
        let total = logSumExp(logits, row: row)
        return logits.row(row).map { Float(Double($0) - total) }
    }

    /// Index of the largest element of a row; ties go to the lowest index, NaN is below all.
    /// - Parameters:
    ///   - logits: `[M, V]` f32, `V ≥ 1`.
    ///   - row: within `0..<M`.
    /// - Returns: an index within `0..<V`.
    public func argMax(_ logits: Tensor, row: Int) -> Int {
        Self.check(logits, row: row)
        let maximum = kernels.maximum(logits, row: row)
        let first = row * logits.columns
        return logits.withFloats { elements in
            for index in 0..<logits.columns where elements[first + index] == maximum {
                return index
            }
            return 0
        }
    }

    /// The largest elements of a row, best first; ties go to the lowest index, NaN is below all.
    /// - Parameters:
    ///   - count: how many, at most `V` are returned.
    ///   - logits: `[M, V]` f32.
    ///   - row: within `0..<M`.
    /// - Returns: `min(count, V)` elements.
    /// - Complexity: O(V + insertions · `count`).
    public func top(_ count: Int, of logits: Tensor, row: Int) -> [RankedElement] {
        Self.check(logits, row: row)
        precondition(count >= 0, "top: \(count) of \(logits.shape)")
        let first = row * logits.columns
        let wanted = min(count, logits.columns)
        return logits.withFloats { elements in
            var best = RankedElements(count: wanted)
            for index in 0..<logits.columns {
                best.offer(RankedElement(index: index, value: elements[first + index]))
            }
            return best.elements
        }
    }

    private static func check(_ logits: Tensor, row: Int) {
        precondition(
            logits.dtype == .f32 && row >= 0 && row < logits.rows && logits.columns > 0,
            "row \(row) of logits \(logits.shape) \(logits.dtype)"
        )
    }
}

/// The best elements so far, in order; offered by ascending index.
private struct RankedElements {
    private let count: Int
    private(set) var elements: [RankedElement] = []

    init(count: Int) {
        self.count = count
        elements.reserveCapacity(count + 1)
    }

    mutating func offer(_ element: RankedElement) {
        if elements.count == count {
            guard let last = elements.last, Self.isBetter(element, last) else { return }
            elements.removeLast()
        }
        let place = elements.lastIndex { !Self.isBetter(element, $0) }.map { $0 + 1 } ?? 0
        elements.insert(element, at: place)
    }

    private static func isBetter(_ candidate: RankedElement, _ other: RankedElement) -> Bool {
        candidate.value > other.value || (other.value.isNaN && !candidate.value.isNaN)
    }
}
