import StrictJSON
import Testing

/// RFC 8259, no more and no less.
struct GrammarTests {
    static let accepted: [(text: String, canonical: String)] = [
        ("null", "null"), (" true ", "true"), ("false\n", "false"), ("0", "0"), ("-0", "0"),
        ("-12", "-12"), ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "9223372036854775808"),
        ("1000000000000000019884624838656", "1000000000000000019884624838656"),
        ("123456789012345678", "123456789012345678"),
        ("1234567890123456789", "1234567890123456789"),
        ("1.0", "1.0"), ("-0.0", "-0.0"), ("1e5", "100000.0"), ("1E+2", "100.0"),
        ("25e-1", "2.5"), ("0.1", "0.1"), ("1e-400", "0.0"), ("5e-324", "5e-324"),
        ("1.7976931348623157e308", "1.7976931348623157e+308"), ("0e1", "0.0"),
        ("\"\"", "\"\""), ("\"a/\\/\"", "\"a//\""),
        ("\"\\b\\f\\n\\r\\t\\\"\\\\\"", "\"\\u0008\\u000c\\n\\r\\t\\\"\\\\\""),
        ("\"\\u0041\\u00e9\\u65E5\\ud83D\\uDE00\"", "\"Aé日😀\""),
        (
            "\"\u{E9}\u{65E5}\u{10FFFF}\u{7FF}\u{800}\u{FFFF}\u{10000}\"",
            "\"\u{E9}\u{65E5}\u{10FFFF}\u{7FF}\u{800}\u{FFFF}\u{10000}\""
        ),
        ("\"\\u0000\"", "\"\\u0000\""), ("[]", "[]"), ("[ ]", "[]"), ("{}", "{}"), ("{ \n}", "{}"),
        ("[1 , 2,[3]]", "[1,2,[3]]"), ("{\"b\":1,\"a\":[{}]}", "{\"a\":[{}],\"b\":1}"),
        ("{\"\":0}", "{\"\":0}"), ("\t[\r\n1]\r\n", "[1]"),
        // Canonically equal keys are different keys.
        ("{\"\u{E9}\":1,\"e\u{301}\":2}", "{\"e\u{301}\":2,\"\u{E9}\":1}"),
    ]

    @Test(arguments: accepted.map(\.text))
    func acceptsAndWritesCanonically(text: String) throws {
        let canonical = try #require(Self.accepted.first { $0.text == text }?.canonical)
        let value = try JSONValue(parsing: Array(text.utf8), source: "test")
        #expect(value.text(.canonical) == canonical)
        let again = try JSONValue(parsing: value.utf8(), source: "test")
        #expect(again == value, "what is written reads back the same")
        var scanner = JSONScanner(Array(text.utf8), source: "test")
        try scanner.skip()
        try scanner.finish()
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let code: JSONError.Code
        let line: Int
        let column: Int
        let message: String
        var testDescription: String { "\(String(decoding: bytes, as: UTF8.self)) \(code)" }

        init(
            _ text: String,
            _ code: JSONError.Code,
            _ line: Int,
            _ column: Int,
            _ message: String
        ) {
            self.init(bytes: Array(text.utf8), code, line, column, message)
        }

        init(
            bytes: [UInt8],
            _ code: JSONError.Code,
            _ line: Int,
            _ column: Int,
            _ message: String
        ) {
            self.bytes = bytes
            self.code = code
            self.line = line
            self.column = column
            self.message = message
        }
    }

    static let faults: [Fault] = [
        Fault("", .truncated, 1, 1, "ends too early"),
        Fault(" \n ", .truncated, 2, 2, "ends too early"),
        Fault("\u{FEFF}{}", .syntax, 1, 1, "byte order mark"),
        Fault(bytes: [0xFF, 0xFE, 0x7B, 0], .syntax, 1, 1, "UTF-16"),
        Fault(bytes: [0xFE, 0xFF, 0, 0x7B], .syntax, 1, 1, "UTF-16"),
        Fault(bytes: [0x1F, 0x8B, 8, 0], .syntax, 1, 1, "gzip"),
        Fault("[1,]", .syntax, 1, 4, "a comma before ']'"),
        Fault("{\"a\":1,\n}", .syntax, 2, 1, "a comma before '}'"),
        Fault("[1 2]", .syntax, 1, 4, "expected ',' or ']', got '2'"),
        Fault("[1}", .syntax, 1, 3, "expected ',' or ']', got '}'"),
        Fault("[,1]", .syntax, 1, 2, "expected a value, got ','"),
        Fault("[", .truncated, 1, 2, "ends too early"), Fault("[1", .truncated, 1, 3, "ends"),
        Fault("[1,", .truncated, 1, 4, "ends"), Fault("{", .truncated, 1, 2, "ends"),
        Fault("{\"a\"", .truncated, 1, 5, "ends"), Fault("{\"a\":", .truncated, 1, 6, "ends"),
        Fault("{\"a\":1", .truncated, 1, 7, "ends"), Fault("{\"a\":1,", .truncated, 1, 8, "ends"),
        Fault("{\"a\" 1}", .syntax, 1, 6, "expected ':' after a key, got '1'"),
        Fault("{a:1}", .syntax, 1, 2, "expected a key in double quotes, got 'a'"),
        Fault("{1:1}", .syntax, 1, 2, "expected a key in double quotes"),
        Fault("{'a':1}", .syntax, 1, 2, "expected a key in double quotes"),
        Fault("'a'", .syntax, 1, 1, "double quotes"), Fault("]", .syntax, 1, 1, "got ']'"),
        Fault("{} {}", .trailingContent, 1, 4, "expected the end"),
        Fault("1\0", .trailingContent, 1, 2, "byte 0x00"), Fault("\0", .syntax, 1, 1, "byte 0x00"),
        Fault("nul", .truncated, 1, 4, "ends inside null"),
        Fault("nulx", .syntax, 1, 4, "expected null"),
        Fault("truE", .syntax, 1, 4, "expected true"),
        Fault("nullx", .trailingContent, 1, 5, "got 'x'"),
        Fault("NaN", .invalidNumber, 1, 1, "NaN, Infinity and None are not JSON"),
        Fault("[Infinity]", .invalidNumber, 1, 2, "are not JSON"),
        Fault("-Infinity", .invalidNumber, 1, 2, "are not JSON"),
        Fault("True", .syntax, 1, 1, "true, false and null"),
        Fault("# comment", .syntax, 1, 1, "no JSON value starts with '#'"),
        Fault("// comment", .syntax, 1, 1, "no JSON value starts with '/'"),
        Fault("01", .invalidNumber, 1, 3, "01 is not a JSON number: leading zeros"),
        Fault("-01", .invalidNumber, 1, 4, "leading zeros"),
        Fault("-", .invalidNumber, 1, 2, "expected a digit"),
        Fault("+1", .syntax, 1, 1, "no JSON value starts with '+'"),
        Fault(".5", .syntax, 1, 1, "no JSON value starts with '.'"),
        Fault("1.", .invalidNumber, 1, 3, "after the point"),
        Fault("1.e5", .invalidNumber, 1, 5, "after the point"),
        Fault("1e", .invalidNumber, 1, 3, "in the exponent"),
        Fault("1e+", .invalidNumber, 1, 4, "in the exponent"),
        Fault("1-2", .trailingContent, 1, 2, "got '-'"),
        Fault("1.5-2", .invalidNumber, 1, 6, "unexpected '-'"),
        Fault("1.2.3", .invalidNumber, 1, 6, "unexpected '.'"),
        Fault("0x10", .trailingContent, 1, 2, "got 'x'"),
        Fault("1e400", .invalidNumber, 1, 6, "beyond the range"),
        Fault("-1e400", .invalidNumber, 1, 7, "beyond the range"),
        Fault("\"a", .truncated, 1, 3, "ends inside a string"),
        Fault("\"a\\", .truncated, 1, 4, "ends inside a string"),
        Fault("\"\\u00", .truncated, 1, 6, "ends inside a string"),
        Fault("\"a\nb\"", .syntax, 1, 3, "control character"),
        Fault("\"a\u{1}\"", .syntax, 1, 3, "got byte 0x01"),
        Fault("\"a\0\"", .syntax, 1, 3, "got byte 0x00"),
        Fault("\"\\x41\"", .syntax, 1, 3, "no escape is written \\ and 'x'"),
        Fault("\"\\u12G4\"", .syntax, 1, 6, "four hexadecimal digits"),
        Fault("\"\\ud800\"", .syntax, 1, 8, "half a surrogate pair"),
        Fault("\"\\ud800x\"", .syntax, 1, 8, "half a surrogate pair"),
        Fault("\"\\udc00\\ud800\"", .syntax, 1, 8, "half a surrogate pair"),
        Fault("\"\\ud800\\ud800\"", .syntax, 1, 14, "half a surrogate pair"),
        Fault("\"\\ud800\\u0041\"", .syntax, 1, 14, "half a surrogate pair"),
        Fault("{\"a\":1,\n \"a\":2}", .duplicateKey, 2, 2, "stands twice"),
        Fault("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 1, 8, "stands twice"),
    ]

    static let invalidUTF8: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x9F, 0xBF],
        [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
        [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xF0, 0x9F, 0x98, 0x28],
    ]

    @Test(arguments: faults)
    func refusesWithPlaceAndReason(fault: Fault) throws {
        let error = #expect(throws: JSONError.self) {
            try JSONValue(parsing: fault.bytes, source: "t.json")
        }
        #expect(error?.code == fault.code)
        #expect(error?.line == fault.line)
        #expect(error?.column == fault.column)
        #expect(error?.message.contains(fault.message) == true, "\(error?.message ?? "")")
        #expect(throws: JSONError.self, "skipped values are checked as strictly") {
            var scanner = JSONScanner(fault.bytes, source: "t.json")
            try scanner.skip()
            try scanner.finish()
        }
    }

    @Test(arguments: invalidUTF8)
    func refusesBytesThatAreNoUTF8(bytes: [UInt8]) throws {
        for suffix in ["\"", "aaaaaaaa\""] {
            let text = Array("[\"ab".utf8) + bytes + Array(suffix.utf8)
            for isSkipped in [false, true] {
                let error = #expect(throws: JSONError.self) {
                    var scanner = JSONScanner(text, source: "t.json")
                    if isSkipped { try scanner.skip() } else { _ = try scanner.value() }
                }
                #expect(error?.code == .invalidUTF8)
                #expect(error?.offset == 4)
            }
        }
    }

    @Test func nestsToTheLimitAndNoDeeper() throws {
        let limit = JSONScanner.depthLimit
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let bottom = open == "[" ? "" : "1"
            let deepest =
                String(repeating: open, count: limit) + bottom
                + String(repeating: close, count: limit)
            _ = try JSONValue(parsing: Array(deepest.utf8), source: "t")
            let tooDeep = Array(String(repeating: open, count: 100_000).utf8)
            for isSkipped in [false, true] {
                let error = #expect(throws: JSONError.self) {
                    var scanner = JSONScanner(tooDeep, source: "t")
                    if isSkipped { try scanner.skip() } else { _ = try scanner.value() }
                }
                #expect(error?.code == .tooDeep)
                #expect(error?.offset == open.utf8.count * limit)
            }
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 40, 1000])
    func findsADuplicateAmongManyKeys(count: Int) throws {
        let keys = (0...count).map { "\"some_rather_long_key_\($0)_with_the_same_end\":{\"x\":[]}" }
        let whole = "{\(keys.joined(separator: ","))}"
        _ = try JSONValue(parsing: Array(whole.utf8), source: "t")
        for index in [0, count / 2, count] {
            let text = "{\(keys.joined(separator: ",")),\(keys[index])}"
            let error = #expect(throws: JSONError.self) {
                try JSONValue(parsing: Array(text.utf8), source: "t")
            }
            #expect(error?.code == .duplicateKey)
            #expect(error?.path == "some_rather_long_key_\(index)_with_the_same_end")
        }
    }
}
