import LocalEngine
import Testing

struct BadWordsTests {
    @Test
    func singleTokensAreBannedEverywhere() {
        let badWords = BadWords([[7], [3], [7]], stopTokens: [])
        #expect(badWords.banned(after: []) == [3, 7])
        #expect(badWords.banned(after: [1, 2]) == [3, 7])
    }

    @Test
    func aStopTokenIsNeverBannedOnItsOwn() {
        #expect(BadWords([[2], [5]], stopTokens: [2]).banned(after: [1]) == [5])
    }

    @Test
    func theLastTokenIsBannedOnlyBehindTheOthers() {
        let badWords = BadWords([[920, 13], [920, 13, 13]], stopTokens: [])
        #expect(badWords.banned(after: [1, 920]) == [13])
        #expect(badWords.banned(after: [1, 920, 13]) == [13])
        #expect(badWords.banned(after: [1, 13]) == [])
        #expect(badWords.banned(after: [920, 1]) == [])
    }

    @Test
    func aSequenceEndingInAStopTokenIsBanned() {
        #expect(BadWords([[5, 2]], stopTokens: [2]).banned(after: [1, 5]) == [2])
    }

    @Test
    func aSequenceLongerThanTheHistoryIsIgnored() {
        #expect(BadWords([[4, 9]], stopTokens: []).banned(after: [4]) == [])
    }
}
