/// Which pairs of pieces merge, into what and in which order: an open-addressing table, since a
/// pair is looked up several times for every character.
struct MergeTable: Sendable {
    private struct Slot {
        var pair: UInt64
        var rank: UInt32
        var merged: Int32
    }

    private var slots: [Slot]
    private var shift: UInt64
    private var count = 0
    private static let empty = Slot(pair: .max, rank: 0, merged: -1)

    init(minimumCapacity: Int) {
        var bits: UInt64 = 4
        while 1 << bits < 2 * minimumCapacity { bits += 1 }
        slots = Array(repeating: Self.empty, count: 1 << Int(bits))
        shift = 64 - bits
    }

    /// Notes that `left` and `right` merge; of two entries for a pair the later counts.
    mutating func insert(_ left: Int32, _ right: Int32, rank: UInt32, merged: Int32) {
        precondition(2 * count < slots.count, "merge table filled beyond \(count) pairs")
        let pair = Self.pair(left, right)
        let index = slot(of: pair)
        if slots[index].pair != pair { count += 1 }
        slots[index] = Slot(pair: pair, rank: rank, merged: merged)
    }

    /// The rank of a pair and the id it merges into; nil if it does not merge.
    func merge(_ left: Int32, _ right: Int32) -> (rank: UInt32, merged: Int32)? {
        let slot = slots[slot(of: Self.pair(left, right))]
        return slot.merged < 0 ? nil : (slot.rank, slot.merged)
    }

    private func slot(of pair: UInt64) -> Int {
        var index = Int(truncatingIfNeeded: (pair &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while slots[index].pair != pair, slots[index].merged >= 0 {
            index = (index + 1) & (slots.count - 1)
        }
        return index
    }

    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
