import StrictJSON

/// An object of a checkpoint's JSON files, read by key with type and range.
///
/// Unknown keys are nobody's business: published files carry leftovers. Errors name file, line,
/// key, what was expected and what was got.
public struct ConfigurationObject: Sendable {
    /// Nil for an object that the file leaves out: every key of it is absent.
    private let field: JSONField?

    /// Reads a JSON file's text.
    /// - Parameters:
    ///   - bytes: the text.
    ///   - path: the file's name, for errors.
    /// - Throws: `CheckpointError` if it is not strict JSON or no object.
    public init(_ bytes: [UInt8], path: String) throws {
        self.init(
            try Self.reading {
                let root = try JSONDocument(bytes, source: path).root
                _ = try root.members()
                return root
            }
        )
    }

    private init(_ field: JSONField?) { self.field = field }

    /// An integer; the default if the key is absent.
    /// - Parameters:
    ///   - key: the key.
    ///   - range: the values allowed.
    ///   - fallback: what an absent key means.
    /// - Returns: the integer.
    /// - Throws: `CheckpointError` for null, another type or a value out of range.
    public func integer(
        _ key: String,
        in range: ClosedRange<Int>,
        default fallback: Int
    ) throws -> Int {
        try present(key) { try $0.integer(in: range) } ?? fallback
    }

    /// An integer; nil if the key is absent or null.
    /// - Parameters:
    ///   - key: the key.
    ///   - range: the values allowed.
    /// - Returns: the integer.
    /// - Throws: `CheckpointError` for another type or a value out of range.
    public func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        try notNull(key) { try $0.integer(in: range) }
    }

    /// One integer or a list of them; nil if the key is absent or null.
    /// - Parameters:
    ///   - key: the key.
    ///   - range: the values allowed.
    /// - Returns: the integers; a lone one as a list of one.
    /// - Throws: `CheckpointError` for another type or a value out of range.
    public func integers(_ key: String, in range: ClosedRange<Int>) throws -> [Int]? {
        try notNull(key) { field in
            guard case .array? = field.value else { return [try field.integer(in: range)] }
            return try field.array().map { try $0.integer(in: range) }
        }
    }

    /// A number; nil if the key is absent or null.
    /// - Parameter key: the key.
    /// - Returns: the number, which the file may write as an integer of any length.
    /// - Throws: `CheckpointError` for another type.
    public func number(_ key: String) throws -> Double? {
        try notNull(key) { try $0.double() }
    }

    /// A list of numbers; nil if the key is absent or null.
    /// - Parameter key: the key.
    /// - Returns: the numbers.
    /// - Throws: `CheckpointError` for another type.
    public func numbers(_ key: String) throws -> [Double]? {
        try notNull(key) { try $0.array().map { try $0.double() } }
    }

    /// A truth value; the default if the key is absent.
    /// - Parameters:
    ///   - key: the key.
    ///   - fallback: what an absent key means.
    /// - Returns: the value.
    /// - Throws: `CheckpointError` for null or another type.
    public func flag(_ key: String, default fallback: Bool) throws -> Bool {
        try present(key) { try $0.boolean() } ?? fallback
    }

    /// A string; nil if the key is absent or null.
    /// - Parameter key: the key.
    /// - Returns: the string.
    /// - Throws: `CheckpointError` for another type.
    public func string(_ key: String) throws -> String? {
        try notNull(key) { try $0.string() }
    }

    /// A nested object; without any key if it is absent or null.
    /// - Parameter key: the key.
    /// - Returns: the object.
    /// - Throws: `CheckpointError` for another type.
    public func object(_ key: String) throws -> ConfigurationObject {
        ConfigurationObject(
            try notNull(key) { field in
                _ = try field.members()
                return field
            }
        )
    }

    /// True if the value of a key is an object, for keys that may hold a number instead.
    /// - Parameter key: the key.
    /// - Returns: false if the key is absent or holds anything else.
    public func isObject(_ key: String) -> Bool {
        guard let value = try? field?[key].value, case .object = value else { return false }
        return true
    }

    /// An error about the value of a key, for a reader's own checks.
    /// - Parameters:
    ///   - key: the key.
    ///   - message: what was expected, what was got and what to do.
    /// - Returns: the error, with file, line and key.
    public func failure(_ key: String, _ message: String) -> CheckpointError {
        do {
            guard let member = try field?[key] else {
                return CheckpointError(.invalidConfiguration, "\(key): \(message)")
            }
            return CheckpointError(.invalidConfiguration, "\(member.failure(message))")
        } catch {
            return CheckpointError(.invalidConfiguration, "\(error)")
        }
    }

    private func present<Value>(
        _ key: String,
        _ read: (JSONField) throws -> Value
    ) throws -> Value? {
        try Self.reading {
            guard let member = try field?[key], member.isPresent else { return nil }
            return try read(member)
        }
    }

    private func notNull<Value>(
        _ key: String,
        _ read: (JSONField) throws -> Value
    ) throws -> Value? {
        try Self.reading { try field?[key].optional.map(read) }
    }

    /// Turns the reader's errors, which carry file, line and path, into this room's.
    private static func reading<Value>(_ read: () throws -> Value) throws -> Value {
        do { return try read() } catch let error as JSONError {
            throw CheckpointError(.invalidConfiguration, error.description)
        }
    }
}
