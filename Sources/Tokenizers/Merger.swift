/// Merges one word: its symbols form a linked list, the pairs that may merge wait in a heap.
struct Merger {
    private let merges: MergeTable
    private var symbols: [Int32]
    /// The next living symbol; the count behind the last.
    private var next: [Int32]
    /// The previous living symbol; −1 before the first.
    private var previous: [Int32]
    /// Pairs that may merge: rank in the high half, position of the left symbol in the low one.
    ///
    /// Entries whose pair has changed since stay in and are recognised by their rank.
    private var heap: [UInt64] = []

    /// Marks a symbol that was merged into its left neighbour.
    private static let merged: Int32 = -1

    init(_ symbols: [Int32], _ merges: MergeTable) {
        precondition(symbols.count < Int(Int32.max), "word of \(symbols.count) symbols")
        self.merges = merges
        self.symbols = symbols
        let count = Int32(symbols.count)
        next = Array(1..<count + 1)
        previous = Array(-1..<count - 1)
    }

    mutating func run() {
        guard symbols.count > 1 else { return }
        heap.reserveCapacity(symbols.count)
        for index in 0..<symbols.count - 1 {
            if let key = key(at: index) { heap.append(key) }
        }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
        while let key = pop() { merge(key) }
    }

    func append(to ids: inout [Int32]) {
        ids.append(contentsOf: symbols.lazy.filter { $0 != Self.merged })
    }

    private mutating func merge(_ key: UInt64) {
        let left = Int(key & 0xFFFF_FFFF)
        let right = Int(next[left])
        guard symbols[left] != Self.merged, right < symbols.count,
            let merge = merges.merge(symbols[left], symbols[right]),
            merge.rank == UInt32(key >> 32)
        else { return }
        symbols[left] = merge.merged
        symbols[right] = Self.merged
        let follower = next[right]
        next[left] = follower
        if Int(follower) < symbols.count {
            previous[Int(follower)] = Int32(left)
            if let key = self.key(at: left) { push(key) }
        }
        let before = Int(previous[left])
        if before >= 0, let key = self.key(at: before) { push(key) }
    }

    /// The heap's entry for the symbol and its right neighbour, if they merge.
    private func key(at left: Int) -> UInt64? {
        merges.merge(symbols[left], symbols[Int(next[left])])
            .map { UInt64($0.rank) << 32 | UInt64(left) }
    }
}

extension Merger {
    private mutating func push(_ key: UInt64) {
        heap.append(key)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard key < heap[parent] else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = key
    }

    private mutating func pop() -> UInt64? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return last }
        heap[0] = last
        siftDown(0)
        return first
    }

    private mutating func siftDown(_ start: Int) {
        let key = heap[start]
        var index = start
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < key else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = key
    }
}
