/// A number as JSON writes it: integers and fractions are kept apart.
enum JSONNumber {
    case integer(Int)
    /// An integer beyond 64 bits, as written.
    case bigInteger(String)
    case double(Double)
}

/// RFC 8259's grammar of numbers, over a token that was cut out of the text.
struct NumberGrammar {
    private let token: [UInt8]
    private var position = 0

    init(_ token: [UInt8]) { self.token = token }

    /// True if the token has neither fraction nor exponent.
    private(set) var isInteger = true

    /// The fault of the token; nil if it is a JSON number.
    mutating func fault() -> String? {
        if current == ASCII.minus { position += 1 }
        let start = position
        let integerDigits = skipDigits()
        if integerDigits == 0 { return "expected a digit" }
        if token[start] == ASCII.zero, integerDigits > 1 { return "leading zeros are not allowed" }
        if current == ASCII.point {
            isInteger = false
            position += 1
            if skipDigits() == 0 { return "expected a digit after the point" }
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if current == ASCII.plus || current == ASCII.minus { position += 1 }
            if skipDigits() == 0 { return "expected a digit in the exponent" }
        }
        return position == token.count ? nil : "unexpected '\(Unicode.Scalar(token[position]))'"
    }

    private var current: UInt8? { position < token.count ? token[position] : nil }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = current, ASCII.isDigit(byte) { position += 1 }
        return position - start
    }
}
