import StrictJSON
import Testing

/// What is written: deterministic, readable by every JSON reader, safe on a terminal.
struct WriterTests {
    @Test func writesOneLineInOrder() {
        let value: JSONValue = ["b": [1, 2.5, nil, true], "a": ["x": "y"], "e": [], "o": [:]]
        #expect(value.text() == #"{"b":[1,2.5,null,true],"a":{"x":"y"},"e":[],"o":{}}"#)
    }

    @Test func canonicalFormSortsByCodePoints() {
        let value: JSONValue = [
            "b": 1, "\u{FFFD}": 2, "\u{10000}": 3, "B": 4, "": 5, "aa": 6, "a": 7,
        ]
        #expect(
            value.text(.canonical)
                == "{\"\":5,\"B\":4,\"a\":7,\"aa\":6,\"b\":1,\"\u{FFFD}\":2,\"\u{10000}\":3}"
        )
    }

    @Test func prettyFormIndents() {
        let value: JSONValue = ["a": [1, ["b": nil]], "c": []]
        #expect(
            value.text(.pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": null
                    }
                  ],
                  "c": []
                }
                """
        )
    }

    @Test func nothingThatActsOnATerminalIsWrittenRaw() {
        let text =
            "\u{1B}[31m\u{7}\r\n\t\u{7F}\u{9B}\u{202E}\u{2028}\u{2029}\u{2066}\u{200F}\u{FEFF}\"\\/é😀"
        #expect(
            JSONValue.string(text).text()
                == #""\u001b[31m\u0007\r\n\t\u007f\u009b\u202e\u2028\u2029\u2066\u200f\ufeff\"\\/é😀""#
        )
        #expect("a\u{1B}b\nc".escapedForDisplay == #"a\u001bb\u000ac"#)
    }

    static let numbers: [Double] = [
        0.1, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0, 123_456_789.125,
        1e21, 1e-7, 100,
    ]

    @Test(arguments: numbers)
    func doublesReadBackTheSame(number: Double) throws {
        let value = JSONValue.number(number)
        #expect(try JSONValue(parsing: value.utf8(), source: "t") == value)
    }

    @Test func whatIsNotFiniteIsNull() {
        #expect(JSONValue.number(-.infinity).text() == "null")
        #expect(JSONValue.number(.nan).text() == "null")
        #expect(JSONValue(nil as Double?).text() == "null")
        #expect(JSONValue(3 as Int?).text() == "3")
        #expect(JSONValue("a" as String?).text() == "\"a\"")
        #expect(JSONValue(nil as Bool?).text() == "null")
    }
}
