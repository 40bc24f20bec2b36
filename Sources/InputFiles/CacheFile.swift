import Foundation

/// A small file of facts that cost time to find again, each under a key.
///
/// It may be lost at any time. One that is missing, damaged or not a regular file counts as empty;
/// one that cannot be written costs time only. It is replaced as a whole, so that readers never
/// see half of it; of two processes that write it, the later one's facts stay.
public struct CacheFile<Value: Codable & Sendable>: Sendable {
    private let path: String
    private var entries: [String: Value]

    /// More facts than this are not kept: the oldest files of a busy store are long gone.
    public static var countLimit: Int { 4096 }
    private static var sizeLimit: Int { 16 << 20 }

    /// Reads the facts that were kept before.
    /// - Parameter path: the file, which need not exist.
    public init(_ path: String) {
        self.path = path
        let bytes = try? InputFile(path, limit: Self.sizeLimit).bytes()
        entries =
            bytes.flatMap { try? JSONDecoder().decode([String: Value].self, from: Data($0)) } ?? [:]
    }

    /// The fact under a key, nil if none is known.
    public subscript(key: String) -> Value? { entries[key] }

    /// Adds or replaces a fact; `save` makes it last.
    /// - Parameters:
    ///   - value: the fact.
    ///   - key: where it is looked up.
    public mutating func keep(_ value: Value, under key: String) {
        if entries.count >= Self.countLimit { entries = [:] }
        entries[key] = value
    }

    /// Writes all facts, if that is possible.
    public func save() {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let data = try? encoder.encode(entries)
        try? data?.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
