public import Foundation

/// Runs `body` with a fresh folder that is removed afterwards.
/// - Parameter body: receives the folder's URL.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, or a file system error.
public func withTemporaryDirectory<Value>(_ body: (URL) throws -> Value) throws -> Value {
    let folder = try makeTemporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }  // leftovers do not matter
    return try body(folder)
}

/// Runs an asynchronous `body` with a fresh folder that is removed afterwards.
/// - Parameter body: receives the folder's URL.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, or a file system error.
public func withTemporaryDirectory<Value>(
    _ body: (URL) async throws -> Value
) async throws -> Value {
    let folder = try makeTemporaryDirectory()
    defer { try? FileManager.default.removeItem(at: folder) }  // leftovers do not matter
    return try await body(folder)
}

private func makeTemporaryDirectory() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("idefics-eval-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

/// The folder `Fixtures` beside the calling test file.
/// - Parameter file: the calling file.
/// - Returns: its URL.
public func fixturesDirectory(_ file: String = #filePath) -> URL {
    URL(fileURLWithPath: file).deletingLastPathComponent()
        .appendingPathComponent("Fixtures", isDirectory: true)
}
