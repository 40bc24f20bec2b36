import LocalEngine
import Testing

struct StopMatcherTests {
    @Test(arguments: [
        ("no\nQuestion: x", ["\nQuestion"], "no"),
        ("a cat. Image: b", ["Question", "Image", "cat"], "a "),
        ("plain", ["absent"], "plain"),
        ("at the end", ["end"], "at the "),
        ("start", ["start"], ""),
        ("aab", ["ab"], "a"),
        ("", ["x"], ""),
        ("überüber", ["rü"], "übe"),
    ])
    func cutsBeforeTheEarliestMatch(text: String, stops: [String], expected: String) {
        #expect(Array(StopMatcher(stops).cut(text).utf8) == Array(expected.utf8))
    }

    @Test
    func findsALineFeedInsideCarriageReturnLineFeed() {
        #expect(StopMatcher(["\n"]).cut("a\r\nb").utf8.elementsEqual("a\r".utf8))
    }

    @Test
    func composedAndDecomposedLettersDiffer() {
        #expect(StopMatcher(["\u{E9}"]).firstMatch(in: "caf\u{65}\u{301}") == nil)
        #expect(StopMatcher(["\u{65}"]).firstMatch(in: "caf\u{65}\u{301}") == 3)
    }

    @Test
    func anEmptyMatcherFindsNothing() {
        #expect(StopMatcher([]).isEmpty)
        #expect(StopMatcher([]).firstMatch(in: "text") == nil)
    }
}
