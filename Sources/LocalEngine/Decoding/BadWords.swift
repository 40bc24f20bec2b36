/// Token sequences that must not be produced, as transformers' `bad_words_ids` bans them.
///
/// A sequence of one token is banned at every step. Of a longer one, the last token is banned
/// where the tokens before it, prompt included, equal the rest of the sequence.
package struct BadWords: Sendable {
    private let everywhere: [Int32]
    private let sequences: [[Int32]]

    /// - Parameters:
    ///   - sequences: banned ids, none of them empty.
    ///   - stopTokens: a sequence that is exactly one of these is not banned.
    package init(_ sequences: [[Int32]], stopTokens: Set<Int32>) {
        precondition(sequences.allSatisfy { !$0.isEmpty }, "an empty sequence cannot be banned")
        everywhere = sequences.filter { $0.count == 1 }.map { $0[0] }
            .filter { !stopTokens.contains($0) }
        self.sequences = sequences.filter { $0.count > 1 }
    }

    /// The ids that may not come next, ascending, each once.
    /// - Parameter history: all tokens so far, prompt included.
    /// - Returns: the ids.
    package func banned(after history: [Int32]) -> [Int32] {
        guard !everywhere.isEmpty || !sequences.isEmpty else { return [] }
        var ids = Set(everywhere)
        // A sequence longer than the history is never looked at, though its start might match:
        // the reference skips it, too.
        for sequence in sequences where sequence.count <= history.count {
            if history.suffix(sequence.count - 1).elementsEqual(sequence.dropLast()) {
                ids.insert(sequence[sequence.count - 1])
            }
        }
        return ids.sorted()
    }
}
