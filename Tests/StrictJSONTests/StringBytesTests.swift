import StrictJSON
import Testing

/// Strings read as bytes are those read as texts.
struct StringBytesTests {
    @Test(arguments: [
        #""""#, #""plain""#, #""a\n\u00e9\ud83d\ude00b""#, #""é\\""#, #""\u0041tail of the text""#,
    ])
    func bytesAreThoseOfTheText(json: String) throws {
        var texts = JSONScanner(Array(json.utf8), source: "t")
        var scanner = JSONScanner(Array(json.utf8), source: "b")
        var bytes: [UInt8] = [1]
        try scanner.appendString(to: &bytes)
        try scanner.finish()
        #expect(bytes == [1] + Array(try texts.string().utf8))
    }

    @Test(arguments: ["1", "null", #""a"#, #""\x""#, "\"\u{1}\"", ""])
    func whatIsNoStringLeavesTheTargetAlone(json: String) throws {
        var scanner = JSONScanner(Array(json.utf8), source: "b")
        var bytes: [UInt8] = [1]
        #expect(throws: JSONError.self) { try scanner.appendString(to: &bytes) }
        #expect(bytes == [1])
    }
}
