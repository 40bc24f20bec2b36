import StrictJSON

/// A `tokenizer.json` with changes.
extension JSONValue {
    /// The value with another one at a dotted path; nil removes it.
    func setting(_ path: String, _ value: JSONValue?) throws -> JSONValue {
        try setting(path.split(separator: ".").map(String.init)[...], value) ?? .null
    }

    private func setting(
        _ path: ArraySlice<String>,
        _ value: JSONValue?
    ) throws -> JSONValue? {
        guard let key = path.first else { return value }
        guard case .object(var object) = self else { throw ChangeError.noObject(key) }
        object[key] = try (object[key] ?? .null).setting(path.dropFirst(), value)
        return .object(object)
    }

    /// A tokenizer with one piece renamed.
    func renamingPiece(_ old: String, to new: String) throws -> JSONValue {
        guard case .object(let root) = self, case .object(let model)? = root["model"],
            case .object(let vocabulary)? = model["vocab"]
        else { throw ChangeError.noObject("vocab") }
        let members = vocabulary.members.map { member in
            (member.key.utf8.elementsEqual(old.utf8) ? new : member.key, member.value)
        }
        return try setting("model.vocab", .object(JSONObject(members)))
    }
}

enum ChangeError: Error {
    case noObject(String)
}
