internal import Foundation
public import Testing

/// Compares a text that people see with its golden, `Tests/Goldens/<name>`.
///
/// A missing golden is recorded and the test fails once; `IDEFICS_EVAL_RECORD=1` records again.
/// - Parameters:
///   - text: what is to be compared; without dates, paths and machine names.
///   - name: folder and file, such as `help/run.txt`.
///   - location: the calling line.
/// - Throws: file system errors.
public func golden(
    _ text: String,
    named name: String,
    location: SourceLocation = #_sourceLocation
) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Goldens/\(name)")
    let isRecording = ProcessInfo.processInfo.environment["IDEFICS_EVAL_RECORD"] == "1"
    let exists = FileManager.default.fileExists(atPath: file.path)
    guard exists, !isRecording else {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        if !exists { Issue.record("no golden \(name); recorded it", sourceLocation: location) }
        return
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    guard !expected.utf8.elementsEqual(text.utf8) else { return }
    Issue.record("\(name) differs:\n\(difference(expected, text))", sourceLocation: location)
}

/// The first line that differs, as expected and got.
private func difference(_ expected: String, _ got: String) -> String {
    let expectedLines = expected.unicodeScalars.split(
        separator: "\n",
        omittingEmptySubsequences: false
    )
    let gotLines = got.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(expectedLines.count, gotLines.count) {
        let left = index < expectedLines.count ? String(expectedLines[index]) : "(end)"
        let right = index < gotLines.count ? String(gotLines[index]) : "(end)"
        if !left.utf8.elementsEqual(right.utf8) {
            return "line \(index + 1)\n  expected: \(left)\n  got:      \(right)"
        }
    }
    return "the lines agree, the bytes do not"
}
