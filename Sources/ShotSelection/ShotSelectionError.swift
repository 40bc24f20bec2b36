/// Why shots cannot be selected.
public enum ShotSelectionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// More shots asked for than the support set has.
    case tooManyShots(asked: Int, available: Int, slice: String)
    /// More shots asked for than remain after leaving out those that show the query's picture.
    case tooManyShotsForQuery(
        asked: Int,
        available: Int,
        excluded: Int,
        slice: String,
        query: String
    )
    /// Fewer samples than the two that a 0-shot prompt shows as text.
    case tooFewForPair(available: Int, slice: String)
    /// Vectors that are too many for memory find no room on the disk.
    case noRoom(String)
    /// Shots asked for without a selection.
    case selectionIsNone(asked: Int)
    /// A file of embeddings that are not f32 or of another width than the encoder's.
    case embeddingShape(path: String, expectedWidth: Int, got: String)
    /// A vector of another width than the index.
    case embeddingWidth(of: String, expected: Int, got: Int)
    /// A vector without a length or of another length than 1.
    case notUnitVector(of: String, length: Double)

    /// One line: what, expected and got, what to do next.
    public var description: String {
        switch self {
        case .tooManyShots(let asked, let available, let slice):
            "\(asked) shots asked for, but the support set (\(slice)) has \(available) samples; "
                + "ask for fewer with --shots"
        case .tooManyShotsForQuery(let asked, let available, let excluded, let slice, let query):
            "\(asked) shots asked for, but the support set (\(slice)) has \(available) samples "
                + "for query \(query) once the \(excluded) that show its picture are left out; "
                + "ask for fewer with --shots"
        case .tooFewForPair(let available, let slice):
            "a 0-shot prompt of this task shows two samples as text, but the support set (\(slice)) "
                + "has \(available); ask for --selection none to show none"
        case .noRoom(let reason): reason
        case .selectionIsNone(let asked):
            "\(asked) shots asked for with --selection none; use random or --shots 0"
        case .embeddingShape(let path, let width, let got):
            "\(path): tensor 'embeddings' is \(got), expected F32 [N, \(width)]; "
                + "make it again with this encoder"
        case .embeddingWidth(let owner, let expected, let got):
            "\(owner): a vector of \(got) numbers, expected \(expected): "
                + "another encoder made it; embed with one encoder"
        case .notUnitVector(let owner, let length):
            "\(owner): a vector of length \(length), expected 1: it cannot be compared; "
                + "embed the picture again"
        }
    }
}
