import Foundation
import Reporting

/// The two streams: results on stdout, progress and diagnostics on stderr.
enum Output {
    /// Writes results; each call reaches the reader at once.
    /// - Throws: that stdout cannot be written, such as a full disk.
    static func write(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            throw CommandError(.store, "stdout cannot be written: its disk is full or it is closed")
        }
    }

    /// Writes one line of results.
    static func line(_ text: String) throws { try write(text + "\n") }

    /// Writes one line of results for people, names of files with their control characters as
    /// escapes.
    static func text(_ line: String) throws { try write(TerminalText.escaped(line) + "\n") }

    /// Writes one line of diagnostics, control characters as escapes.
    ///
    /// Nobody can be told that stderr is closed.
    static func note(_ text: String) {
        let line = TerminalText.escaped(text) + "\n"
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }

    /// Writes diagnostics as they are.
    static func rawNote(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))  // as above
    }

    /// Writes an error's one line.
    static func error(_ message: String) { note("error: " + message) }
}
