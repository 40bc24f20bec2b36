/// A token that is found in markup as a whole, before anything is merged.
public struct AddedToken: Sendable, Hashable {
    /// Its id.
    public let id: Int32
    /// Its text.
    public let content: String
    /// True if decoding may leave it out.
    public let isSpecial: Bool
    /// True if it is looked for after normalisation, its own text normalised too.
    public let isNormalized: Bool
    /// True if it takes the whitespace before it.
    public let stripsLeft: Bool
    /// True if it takes the whitespace behind it.
    public let stripsRight: Bool
    /// True if it only counts between characters that are no word characters.
    public let isSingleWord: Bool
}
