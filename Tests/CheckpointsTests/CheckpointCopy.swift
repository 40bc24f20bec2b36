import Checkpoints
import Foundation
import Tensors
import TestSupport

/// A reference checkpoint copied to a folder where it can be damaged.
struct CheckpointCopy {
    static let single = "b-f32-instruct"
    static let sharded = "a-bf16-sharded"
    static let index = "model.safetensors.index.json"

    let folder: URL

    init(_ name: String, in parent: URL) throws {
        folder = parent.appendingPathComponent(name, isDirectory: true)
        let source = referenceFixtures().appendingPathComponent("checkpoints/\(name)")
        try FileManager.default.copyItem(at: source, to: folder)
    }

    func open() throws -> CheckpointFolder { try CheckpointFolder(folder.path) }

    func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(at: file(name))
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: file(name))
    }

    /// Replaces a text in a file; it must be there.
    func replace(_ text: String, by other: String, in name: String) throws {
        let content = try String(contentsOf: file(name), encoding: .utf8)
        guard content.contains(text) else { throw CocoaError(.fileReadCorruptFile) }
        try write(content.replacingOccurrences(of: text, with: other), to: name)
    }

    func truncate(_ name: String, by count: Int) throws {
        let data = try Data(contentsOf: file(name))
        try data.dropLast(count).write(to: file(name))
    }
}

/// Runs `body` with a copy of a reference checkpoint.
func withCopy(_ name: String, _ body: (CheckpointCopy) throws -> Void) throws {
    try withTemporaryDirectory { try body(CheckpointCopy(name, in: $0)) }
}

/// The error of opening the folder, after the damage was done; nil if it opens.
func openingError(
    of name: String,
    _ damage: (CheckpointCopy) throws -> Void
) throws -> CheckpointError? {
    var found: CheckpointError?
    try withCopy(name) { copy in
        try damage(copy)
        do { _ = try copy.open() } catch let error as CheckpointError { found = error }
    }
    return found
}
