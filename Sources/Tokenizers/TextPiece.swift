/// A piece of what is to be encoded: markup, in which added tokens are recognised, or text, which
/// is data and never becomes an added token.
public struct TextPiece: Sendable, Hashable {
    /// The characters.
    public let content: String
    /// True for markup.
    public let isMarkup: Bool

    /// Text of a template: added tokens such as `<s>` are recognised in it.
    /// - Parameter content: the characters.
    /// - Returns: the piece.
    public static func markup(_ content: String) -> TextPiece {
        TextPiece(content: content, isMarkup: true)
    }

    /// Text of a sample, encoded verbatim.
    /// - Parameter content: the characters.
    /// - Returns: the piece.
    public static func text(_ content: String) -> TextPiece {
        TextPiece(content: content, isMarkup: false)
    }
}

/// The joined bytes of pieces, always UTF-8, that remember which of them are markup.
struct MarkedText {
    var bytes: [UInt8] = []
    /// Where markup stands, in order, disjoint.
    ///
    /// Neighbouring markup pieces are one run; a text between them, even an empty one, makes two.
    var markup: [Range<Int>] = []

    init() {}

    init(_ pieces: [TextPiece]) {
        var continuesMarkup = false
        for piece in pieces {
            let start = bytes.count
            bytes += piece.content.utf8
            if piece.isMarkup {
                if continuesMarkup, let last = markup.popLast() {
                    markup.append(last.lowerBound..<bytes.count)
                } else {
                    markup.append(start..<bytes.count)
                }
            }
            continuesMarkup = piece.isMarkup
        }
    }

    /// The part `range`, which starts and ends between characters.
    func slice(_ range: Range<Int>) -> MarkedText {
        var part = MarkedText()
        part.bytes = Array(bytes[range])
        for run in markup where run.overlaps(range) {
            let kept = run.clamped(to: range)
            part.markup.append(
                kept.lowerBound - range.lowerBound..<kept.upperBound - range.lowerBound
            )
        }
        return part
    }
}
