public import EvalCore

/// The numbers `0 ..< count` in random order, drawn one by one.
///
/// A Fisher-Yates shuffle that keeps only the places it has touched: the first `k` numbers cost
/// `k` draws whatever the count, and are the first `k` of any longer walk.
public struct DistinctDraws: Sequence, IteratorProtocol, Sendable {
    private var generator: KeyedGenerator
    private var moved: [Int: Int] = [:]
    private var position = 0
    private let count: Int

    /// Creates a walk over `0 ..< count`.
    public init(count: Int, generator: KeyedGenerator) {
        self.count = count
        self.generator = generator
    }

    /// The next number, nil after `count` of them.
    public mutating func next() -> Int? {
        guard position < count else { return nil }
        let other = position + generator.next(below: count - position)
        let drawn = moved[other] ?? other
        moved[other] = moved[position] ?? position
        moved[position] = nil
        position += 1
        return drawn
    }
}
