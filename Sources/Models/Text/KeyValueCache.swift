public import Tensors

/// The self-attention keys and values of one sequence: every decoder layer, every past position.
///
/// It grows as `IdeficsModel` appends. `fork` lets many continuations (candidates, beams) stand
/// behind one prompt without copying it: the prompt's cache becomes their shared, read-only prefix.
/// One thread at a time uses a cache and its forks.
public final class KeyValueCache {
    /// Whose first `prefixCount` positions come before this cache's own.
    public let prefix: KeyValueCache?
    /// How many positions of `prefix` this sequence sees.
    public let prefixCount: Int
    /// Positions held here, behind the prefix.
    public private(set) var ownCount = 0
    /// All positions of the sequence, the prefix included; the next token's position.
    public var count: Int { prefixCount + ownCount }

    /// What every cache of one model has in common.
    struct Layout: Sendable {
        let layerCount: Int
        /// `H * d`, the columns of a row of keys or values.
        let width: Int
        let dtype: DType
    }

    /// Keys and values of one layer, `[capacity, H*d]`; rows from `ownCount` on are unused.
    private struct Layer {
        var keys: Tensor
        var values: Tensor
    }

    let layout: Layout
    private var layers: [Layer] = []
    private var capacity = 0
    /// Positions that forks see; they can never be taken back.
    private var sharedCount = 0
    /// Positions to make room for at first.
    private let expectedCount: Int

    init(
        layout: Layout,
        expectedCount: Int = 0,
        prefix: KeyValueCache? = nil,
        prefixCount: Int = 0
    ) {
        self.layout = layout
        self.expectedCount = expectedCount
        self.prefix = prefix
        self.prefixCount = prefixCount
    }

    /// A cache that continues behind positions of this one, which it shares.
    ///
    /// This cache may go on growing: the fork sees only what was asked for.
    /// - Parameter position: how many positions the fork starts with; all present ones if nil.
    /// - Returns: a cache of that `count` without positions of its own.
    /// - Precondition: this cache has as many positions.
    public func fork(at position: Int? = nil) -> KeyValueCache {
        let seen = position ?? count
        precondition(seen >= 0 && seen <= count, "fork(at: \(seen)) of \(count) positions")
        if let prefix, seen <= prefixCount { return prefix.fork(at: seen) }
        share(seen)
        return KeyValueCache(layout: layout, prefix: self, prefixCount: seen)
    }

    /// A cache with the same positions that can diverge: own rows copied, the prefix shared.
    ///
    /// For beams: their own rows are few, and copying keeps the chain of prefixes short.
    /// - Parameter backend: copies the rows.
    /// - Returns: the copy.
    /// - Complexity: O(`ownCount` × layers × `H*d`).
    public func copy(with backend: any ComputeBackend) -> KeyValueCache {
        prefix?.share(prefixCount)
        let twin = KeyValueCache(layout: layout, prefix: prefix, prefixCount: prefixCount)
        guard ownCount > 0 else { return twin }
        twin.reserve(ownCount, with: backend)
        for (mine, theirs) in zip(layers, twin.layers) {
            backend.copyRows(mine.keys, rows: 0..<ownCount, to: theirs.keys, at: 0)
            backend.copyRows(mine.values, rows: 0..<ownCount, to: theirs.values, at: 0)
        }
        twin.ownCount = ownCount
        return twin
    }

    /// Forgets the positions from `count` on.
    /// - Parameter count: at most the present count, at least the prefix and what forks see.
    /// - Precondition: no fork sees a forgotten position.
    public func truncate(to count: Int) {
        precondition(
            count <= self.count && count >= max(prefixCount, sharedCount),
            "truncate(to: \(count)): has \(self.count), of which \(max(prefixCount, sharedCount)) are shared"
        )
        ownCount = count - prefixCount
    }

    /// Bytes held by this cache itself, without its prefix.
    public var byteCount: Int {
        2 * layers.count * capacity * layout.width * layout.dtype.byteCount
    }

    /// Makes room for `additional` own positions, keeping the present rows.
    func reserve(_ additional: Int, with backend: any ComputeBackend) {
        let needed = ownCount + additional
        guard needed > capacity else { return }
        // Later sizes double, so that appending n positions one at a time copies O(n) rows.
        let granule = 16
        let wanted = max(needed, expectedCount, capacity * 2)
        capacity = (wanted + granule - 1) / granule * granule
        let old = layers
        layers = (0..<layout.layerCount).map { _ in
            Layer(
                keys: Tensor(zeros: [capacity, layout.width], dtype: layout.dtype),
                values: Tensor(zeros: [capacity, layout.width], dtype: layout.dtype)
            )
        }
        guard ownCount > 0 else { return }
        for (source, target) in zip(old, layers) {
            backend.copyRows(source.keys, rows: 0..<ownCount, to: target.keys, at: 0)
            backend.copyRows(source.values, rows: 0..<ownCount, to: target.values, at: 0)
        }
    }

    /// Writes `rows` of `keys` and `values` (`[T, H*d]`) behind the present positions of `layer`.
    ///
    /// They count once `advance` is called, after the last layer.
    func write(
        layer: Int,
        keys: Tensor,
        values: Tensor,
        rows: Range<Int>,
        with backend: any ComputeBackend
    ) {
        precondition(
            ownCount + rows.count <= capacity,
            "key-value cache: \(rows.count) rows behind \(ownCount) do not fit \(capacity)"
        )
        backend.copyRows(keys, rows: rows, to: layers[layer].keys, at: ownCount)
        backend.copyRows(values, rows: rows, to: layers[layer].values, at: ownCount)
    }

    /// Counts `rowCount` written rows as positions.
    func advance(by rowCount: Int) {
        ownCount += rowCount
    }

    /// The spans that a segment sees whose last `pending` rows were just written.
    func spans(layer: Int, pending: Int) -> [KeyValueSpan] {
        var spans = sharedSpans(layer: layer)
        spans.append(
            KeyValueSpan(
                keys: layers[layer].keys,
                values: layers[layer].values,
                range: 0..<ownCount + pending
            )
        )
        return spans
    }

    private func sharedSpans(layer: Int) -> [KeyValueSpan] {
        guard let prefix else { return [] }
        var spans = prefix.sharedSpans(layer: layer)
        let own = prefixCount - prefix.prefixCount
        if own > 0 {
            spans.append(
                KeyValueSpan(
                    keys: prefix.layers[layer].keys,
                    values: prefix.layers[layer].values,
                    range: 0..<own
                )
            )
        }
        return spans
    }

    private func share(_ count: Int) {
        sharedCount = max(sharedCount, count)
    }
}
