import Reporting
import Testing

struct TerminalTextTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\nb", "a\\nb"), ("a\r\nb", "a\\r\\nb"),
        ("\u{1B}[31mred", "\\x1b[31mred"),
        ("a\u{202E}b", "a\\u{202e}b"), ("é — 漢", "é — 漢"), ("\u{7F}", "\\x7f"), ("", ""),
        ("\u{2028}", "\\u{2028}"), ("e\u{301}", "e\u{301}"),
    ])
    func escapingLeavesNoCharacterThatActsOnATerminal(text: String, expected: String) {
        #expect(Array(TerminalText.escaped(text).utf8) == Array(expected.utf8))
    }

    @Test func whiteSpaceIsShown() {
        #expect(TerminalText.showingWhitespace("a b\n\tc\r") == "a·b⏎\n⇥c\\r")
    }

    @Test(arguments: [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("ab", 1, "…")])
    func shorteningKeepsTheWidth(text: String, width: Int, expected: String) {
        #expect(TerminalText.shortened(text, to: width) == expected)
    }

    @Test func columnsAlign() {
        var table = AlignedTable([("name", .left), ("n", .right)])
        table.add(["a\u{1B}", "1"])
        table.add(["bcdefg", "200"])
        #expect(table.text == "name      n\na\\x1b     1\nbcdefg  200\n")
    }

    @Test func cutInTheMiddleKeepsBothEnds() {
        #expect(TerminalText.shortenedInside("abcdefghijkl", to: 12) == "abcdefghijkl")
        #expect(TerminalText.shortenedInside("abcdefghijklm", to: 12) == "abcd … ijklm")
        #expect(TerminalText.shortenedInside("abcdefghijklm", to: 6) == "ab … m")
    }
}
