import StrictJSON
import Testing

/// A text may come in any pieces.
struct ChunkTests {
    static let text = Array(
        """
        {"info": {"url": "http://visualqa.org", "year": 2017, "none": null},
         "annotations": [
          {"question_id": 25006, "answers": [{"answer": "yes \\u00e9\\ud83d\\ude00 \u{E9}\u{65E5}\u{1F600}"}],
           "ok": true, "x": -12.5e-3, "big": 123456789012345678901234567890},
          {"question_id": 25007, "answers": [], "ok": false, "a key of more than sixteen bytes": ""}
         ]}

        """.utf8
    )

    private static func chunked(_ bytes: [UInt8], size: Int) -> JSONScanner {
        var start = 0
        return JSONScanner(source: "t") {
            guard start < bytes.count else { return nil }
            defer { start += size }
            return Array(bytes[start..<min(start + size, bytes.count)])
        }
    }

    @Test(arguments: [1, 2, 3, 5, 7, 8, 9, 16, 17, 31, 64, 1000])
    func theSizeOfChunksDoesNotShow(size: Int) throws {
        let wanted = try JSONValue(parsing: Self.text, source: "t")
        var scanner = Self.chunked(Self.text, size: size)
        #expect(try scanner.value() == wanted)
        #expect(scanner.line == 6)
        try scanner.finish()
        #expect(scanner.offset == Self.text.count)
        var skipping = Self.chunked(Self.text, size: size)
        try skipping.skip()
        try skipping.finish()
    }

    @Test func emptyChunksAreNotTheEnd() throws {
        var chunks: [[UInt8]] = [[], Array("[1".utf8), [], [], Array("2]".utf8), []]
        var scanner = JSONScanner(source: "t") { chunks.isEmpty ? nil : chunks.removeFirst() }
        #expect(try scanner.value() == [12])
        try scanner.finish()
    }

    @Test(arguments: [1, 4, 1000])
    func everyPrefixIsRefusedAsTruncated(size: Int) throws {
        let end = try #require(Self.text.lastIndex(of: UInt8(ascii: "}")))
        for count in 0..<end {
            let prefix = Array(Self.text[..<count])
            let error = #expect(throws: JSONError.self, "\(count) bytes") {
                var scanner = Self.chunked(prefix, size: size)
                _ = try scanner.value()
                try scanner.finish()
            }
            // A number that is cut can look complete or broken; all else is seen as cut.
            let isKnown = [.truncated, .invalidNumber, .invalidUTF8].contains(error?.code)
            #expect(isKnown, "\(count) bytes: \(error?.description ?? "")")
        }
    }

    @Test func errorsOfTheSourceArePassedOn() {
        struct SourceError: Error {}
        #expect(throws: SourceError.self) {
            var scanner = JSONScanner(source: "t") { throw SourceError() }
            try scanner.skip()
        }
    }

    @Test func longTokensGrowTheWindow() throws {
        let long = String(repeating: "a\u{E9}", count: 100_000)
        let key = String(repeating: "k", count: 70_000)
        let text = Array(
            "{\"\(key)\": \"\(long)\", \"n\": 0.\(String(repeating: "1", count: 5000))}".utf8
        )
        for size in [100, 1 << 16] {
            var scanner = Self.chunked(text, size: size)
            guard case .object(let object) = try scanner.value() else {
                Issue.record("no object")
                return
            }
            #expect(object[key] == .string(long))
            #expect(object["n"] == 0.1111111111111111)
        }
    }

    @Test func aNumberWithoutEndIsRefused() {
        let digits = Array(repeating: UInt8(ascii: "1"), count: 1 << 16)
        let error = #expect(throws: JSONError.self) {
            var scanner = JSONScanner(source: "t") { digits }
            try scanner.skip()
        }
        #expect(error?.code == .tooLarge)
    }
}
