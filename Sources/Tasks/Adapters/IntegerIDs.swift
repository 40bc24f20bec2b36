internal import StrictJSON

/// Where the items of a file stand, by ids that are integers.
struct IntegerIDs: Sendable {
    private var positions: [Int: Int32] = [:]

    /// Number of items.
    var count: Int { positions.count }

    /// Sets memory aside.
    mutating func reserve(_ count: Int) { positions.reserveCapacity(count) }

    /// Where the item of an id stands, nil if there is none.
    subscript(id: Int) -> Int? { positions[id].map { Int($0) } }

    /// Where the item of an id as text stands, nil if there is none.
    func index(of id: String) -> Int? { Self.number(id).flatMap { self[$0] } }

    /// Gives the next item its id.
    /// - Parameters:
    ///   - id: the id, which must be new.
    ///   - key: what the file calls it.
    ///   - record: the item.
    ///   - place: names an earlier item in messages.
    /// - Throws: `JSONError` at the record's place for an id that another item has.
    mutating func append(
        _ id: Int,
        named key: String,
        _ record: borrowing JSONScanner,
        place: (Int) -> String = { "item \($0)" }
    ) throws {
        if let first = self[id] {
            throw record.failure("\(key) \(id) is that of \(place(first)) already")
        }
        positions[id] = Int32(truncatingIfNeeded: count)
    }

    /// The number that an id is; "+7" and "007" are numbers too, but no ids.
    static func number(_ id: String) -> Int? {
        guard let number = Int(id), String(number) == id else { return nil }
        return number
    }
}
