public import Foundation

/// The folder `Tests/Fixtures/reference`: tiny checkpoints and what transformers computes with them.
/// - Returns: its URL.
public func referenceFixtures() -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/reference", isDirectory: true)
}
