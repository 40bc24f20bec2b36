/// Text of data made safe, or visible, for people.
public enum TerminalText {
    /// The text with every control, format and bidirectional character written as an escape.
    ///
    /// Questions and outputs come from files and models: without this an output could move the
    /// cursor, recolour the terminal or reverse the line. Line feeds become `\n`, so a text stays
    /// on one line.
    /// - Parameter text: any text.
    /// - Returns: text without control characters.
    public static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return text.unicodeScalars.reduce(into: "") { result, scalar in
            guard isUnsafe(scalar) else { return result.unicodeScalars.append(scalar) }
            result += escape(scalar)
        }
    }

    /// The text with its white space made visible: `·` a space, `⏎` a line feed (the line still
    /// breaks after it), `⇥` a tab; other control characters as escapes.
    /// - Parameter text: any text.
    /// - Returns: the visible form.
    public static func showingWhitespace(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case " ": result += "·"
            case "\n": result += "⏎\n"
            case "\t": result += "⇥"
            case _ where isUnsafe(scalar): result += escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
    }

    /// The text cut to a number of scalars, with `…` in place of the rest.
    /// - Parameters:
    ///   - text: any text.
    ///   - width: at least 1.
    /// - Returns: at most `width` scalars.
    public static func shortened(_ text: String, to width: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > width else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(max(0, width - 1)))) + "…"
    }

    /// The text cut to a number of scalars in its middle: a dialog ends with what is asked.
    /// - Parameters:
    ///   - text: any text.
    ///   - width: at least 6.
    /// - Returns: at most `width` scalars, a third of them from the beginning.
    package static func shortenedInside(_ text: String, to width: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > width else { return text }
        let head = String(String.UnicodeScalarView(scalars.prefix(width / 3)))
        return head + " … "
            + String(String.UnicodeScalarView(scalars.suffix(width - width / 3 - 3)))
    }

    /// True for what could move a cursor, hide itself or reverse a line.
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
        default: false
        }
    }

    /// A scalar in visible characters.
    static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case _ where scalar.value < 0x100: "\\x" + hex(scalar.value, digits: 2)
        default: "\\u{" + hex(scalar.value, digits: 4) + "}"
        }
    }

    private static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
}
