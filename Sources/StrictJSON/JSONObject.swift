/// The members of a JSON object in the order of the text; keys are told apart by their bytes.
public struct JSONObject: Sendable {
    /// A key with its value.
    public struct Member: Sendable, Equatable {
        /// The key.
        public let key: String
        /// Its value.
        public var value: JSONValue

        /// Exact equality: the key by bytes.
        /// - Parameters:
        ///   - left: a member.
        ///   - right: another.
        /// - Returns: true if both write the same.
        public static func == (left: Member, right: Member) -> Bool {
            left.key.utf8.elementsEqual(right.key.utf8) && left.value == right.value
        }
    }

    /// The members in order.
    public private(set) var members: [Member]
    /// Where each key stands, for objects with more members than are worth looking through.
    private var index: [KeyBytes: Int] = [:]

    private static let smallCount = 16

    /// An object.
    /// - Parameter members: keys, which must differ, and values in order.
    public init(_ members: [(String, JSONValue)] = []) {
        self.members = members.map { Member(key: $0.0, value: $0.1) }
        guard members.count > Self.smallCount else { return }
        index.reserveCapacity(members.count)
        for (position, member) in members.enumerated() {
            index[KeyBytes(text: member.0)] = position
        }
    }

    /// The value of a key, nil if there is none.
    ///
    /// A new key goes to the end; setting nil removes the key.
    /// - Parameter key: compared by bytes.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (nil, let value?): self = JSONObject(pairs + [(key, value)])
            case (let position?, nil):
                self = JSONObject(Array(pairs[..<position] + pairs[(position + 1)...]))
            case (nil, nil): break
            }
        }
    }

    /// The keys in order.
    public var keys: [String] { members.map(\.key) }
    /// How many members there are.
    public var count: Int { members.count }

    private var pairs: [(String, JSONValue)] { members.map { ($0.key, $0.value) } }

    private func position(of key: String) -> Int? {
        index.isEmpty
            ? members.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
            : index[KeyBytes(text: key)]
    }
}

extension JSONObject: Equatable {
    /// Exact equality, order included.
    /// - Parameters:
    ///   - left: an object.
    ///   - right: another.
    /// - Returns: true if both write the same.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members == right.members
    }
}

/// A key that hashes and compares by its UTF-8 bytes: canonically equal keys stay apart.
private struct KeyBytes: Hashable {
    let text: String

    static func == (left: KeyBytes, right: KeyBytes) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(text.utf8.count)
    }
}
