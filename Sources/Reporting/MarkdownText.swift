/// Text of data in markdown.
enum MarkdownText {
    /// The text as markdown that shows it literally: no table break, markup, link or HTML.
    static func escaped(_ text: String) -> String {
        let scalars = Array(TerminalText.escaped(text).unicodeScalars)
        return scalars.indices.reduce(into: "") { result, index in
            switch scalars[index] {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "_" where isInsideWord(scalars, index): result += "_"
            // A colon or point that a scheme or `www` ends with would make a link.
            case ":" where scalars[index...].starts(with: "://".unicodeScalars),
                "." where scalars[..<index].suffix(3).elementsEqual("www".unicodeScalars):
                result += "\\\(scalars[index])"
            case "\\", "|", "`", "*", "_", "[", "]", "~", "$": result += "\\\(scalars[index])"
            default: result.unicodeScalars.append(scalars[index])
            }
        }
    }

    /// An underscore between letters or digits is no markup; `bleu_4` stays readable.
    private static func isInsideWord(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        guard index > 0, index + 1 < scalars.count else { return false }
        return isWordPart(scalars[index - 1]) && isWordPart(scalars[index + 1])
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
