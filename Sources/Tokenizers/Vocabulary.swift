import StrictJSON

/// Pieces and their ids, compared by bytes.
struct Vocabulary {
    private(set) var ids: [[UInt8]: Int32] = [:]
    /// Each id's bytes; nil for ids without a piece.
    private(set) var pieces: [[UInt8]?] = []

    /// Ids reach memory as array indices; real vocabularies have 32,000 to 260,000.
    private static let idLimit = 1 << 22

    init(_ field: JSONField) throws {
        guard case .object(let object)? = field.value else { throw field.unexpected("an object") }
        ids.reserveCapacity(object.count)
        for member in object.members {
            guard case .integer(let id) = member.value, 0..<Self.idLimit ~= id else {
                throw try field[member.key].unexpected(Self.wantedID)
            }
            let bytes = Array(member.key.utf8)
            guard insert(bytes, Int32(id)) else {
                throw try field[member.key].failure("id \(id) stands twice in the vocabulary")
            }
        }
    }

    /// Adds an added token, which may be a piece already.
    mutating func add(_ content: String, _ field: JSONField) throws -> Int32 {
        let id = Int32(try field.integer(in: 0...Self.idLimit - 1))
        let bytes = Array(content.utf8)
        if let known = ids[bytes] {
            guard known == id else {
                throw field.failure("id \(id), but the vocabulary gives this token \(known)")
            }
        } else if !insert(bytes, id) {
            throw field.failure("id \(id) belongs to another piece")
        }
        return id
    }

    func id(_ piece: String) -> Int32? { ids[Array(piece.utf8)] }

    private static let wantedID = "an id from 0 to \(idLimit - 1)"

    private mutating func insert(_ bytes: [UInt8], _ id: Int32) -> Bool {
        let index = Int(id)
        if index >= pieces.count {
            pieces += Array(repeating: nil, count: index + 1 - pieces.count)
        }
        guard pieces[index] == nil else { return false }
        pieces[index] = bytes
        ids[bytes] = id
        return true
    }
}
