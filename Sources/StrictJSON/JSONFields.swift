/// The members of an object that a reader asks for; make it once, outside of loops.
///
///     enum Field: String, CaseIterable { case imageID = "image_id", question }
///     let fields = JSONFields<Field>()
public struct JSONFields<Field>: Sendable
where Field: CaseIterable & RawRepresentable & Sendable, Field.RawValue == String {
    @usableFromInline let cases: [Field]
    @usableFromInline let table: FieldTable

    /// All cases of `Field`; their raw values are the keys.
    public init() {
        cases = Array(Field.allCases)
        table = FieldTable(cases.map(\.rawValue))
    }
}

/// Keys with their signatures, for a few dozen of them.
@usableFromInline
struct FieldTable: Sendable {
    let keys: [(signature: KeySignature, bytes: [UInt8])]

    init(_ keys: [String]) {
        self.keys = keys.map { (KeySignature(Array($0.utf8)), Array($0.utf8)) }
    }
}
