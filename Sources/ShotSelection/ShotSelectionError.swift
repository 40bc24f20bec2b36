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
    /// Shots asked for without a selection.
    case selectionIsNone(asked: Int)

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
        case .selectionIsNone(let asked):
            "\(asked) shots asked for with --selection none; use random or --shots 0"
        }
    }
}
