internal import StrictJSON

/// The ids of one file as numbers: integers stand for themselves, texts for numbers given here.
///
/// Texts are told apart by their bytes. They are names of pictures, or parts of such names, so
/// each must be one plain file name: no path made of them can lead out of the data root.
struct FileIDs: Sendable {
    /// The type of all ids; nil as long as none was read and either would do.
    private(set) var type: PredictionFormat.IDType?
    private var texts = TextNumbers()
    private var latest: [UInt8] = []

    /// Creates an empty collection of ids of a type; nil takes that of the first id.
    init(_ type: PredictionFormat.IDType?) { self.type = type }

    /// Makes `type` that of all ids; false if ids of the other one were read.
    mutating func settle(_ type: PredictionFormat.IDType) -> Bool {
        self.type = self.type ?? type
        return self.type == type
    }

    /// Reads an id, which must have the type of those before it.
    mutating func read(_ value: inout JSONScanner) throws -> Int64 {
        if type == nil { type = try value.peekKind() == .string ? .string : .integer }
        guard type == .string else { return Int64(try value.naturalNumber()) }
        latest.removeAll(keepingCapacity: true)
        try value.appendString(to: &latest)
        return try number(of: latest, value)
    }

    /// The number of a text, which gets one if it has none.
    /// - Throws: `JSONError` at the record's place if it is no plain file name.
    mutating func number(of text: [UInt8], _ record: borrowing JSONScanner) throws -> Int64 {
        let number = texts.existingNumber(of: text)
        if number > 0 { return Int64(number) }
        try record.checkFileName(text)
        return Int64(texts.number(of: text))
    }

    /// The id of a number.
    func text(_ number: Int64) -> String {
        guard type == .string else { return String(number) }
        guard let text = texts.text(UInt32(truncatingIfNeeded: number)) else {
            preconditionFailure("id \(number) was never read")
        }
        return text
    }

    /// The number of an id, nil for a text that is none.
    func number(of id: String) -> Int64? {
        if type == .string {
            let number = texts.existingNumber(of: Array(id.utf8))
            return number == 0 ? nil : Int64(number)
        }
        return IntegerIDs.number(id).map { Int64($0) }
    }
}
