/// Text and numbers as HTML and SVG write them.
enum MarkupText {
    /// The text with nothing in it that means something to a parser or turns the reading order.
    ///
    /// Characters of markup become entities; controls, format characters and those that reverse
    /// the direction become visible escapes, but for line feeds.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isSpecial) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n": result += "\n"
            case _ where TerminalText.isUnsafe(scalar): result += TerminalText.escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// A number with two digits at most behind the point.
    static func number(_ value: Double) -> String {
        var text = value.fixed(2)
        while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
        if text.utf8.last == UInt8(ascii: ".") { text.removeLast() }
        return text
    }

    private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "&", "<", ">", "\"", "'": true
        case "\n": false
        default: TerminalText.isUnsafe(scalar)
        }
    }
}
