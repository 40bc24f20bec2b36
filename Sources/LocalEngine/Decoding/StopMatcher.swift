/// Finds the first of several stop texts, comparing UTF-8 bytes.
///
/// Bytes, because Swift's characters would hide a line feed inside CR LF and let composed and
/// decomposed letters match each other; the reference compares code points.
package struct StopMatcher: Sendable {
    private let stops: [[UInt8]]

    /// - Precondition: no text is empty (the request's check refuses it).
    package init(_ texts: [String]) {
        precondition(texts.allSatisfy { !$0.isEmpty }, "an empty stop text matches everywhere")
        stops = texts.map { Array($0.utf8) }
    }

    package var isEmpty: Bool { stops.isEmpty }

    /// Offset in bytes of the earliest match, nil if there is none.
    package func firstMatch(in text: some StringProtocol) -> Int? {
        guard !stops.isEmpty else { return nil }
        let bytes = Array(text.utf8)
        return bytes.indices.first { start in
            stops.contains { bytes[start...].starts(with: $0) }
        }
    }

    /// The text before the earliest match; the whole text if there is none.
    ///
    /// A stop text is valid UTF-8, so a match never begins inside a scalar.
    package func cut(_ text: String) -> String {
        guard let end = firstMatch(in: text) else { return text }
        return String(decoding: text.utf8.prefix(end), as: UTF8.self)
    }
}
