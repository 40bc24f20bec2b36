import Foundation

/// Cuts a text into the words that CLIP merges.
///
/// Normalises as CLIP's `tokenizer.json` says (NFC, every run of white space becomes a space, lower
/// case, scalar by scalar), then takes what its expression matches and drops the rest:
/// `'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+`.
struct ClipWords {
    private enum Kind {
        case space
        case letter
        case number
        case other
    }

    private let scalars: [Unicode.Scalar]
    private let kinds: [Kind]

    private static let contractions: [[Unicode.Scalar]] = ["s", "t", "re", "ve", "m", "ll", "d"]
        .map { Array($0.unicodeScalars) }

    init(_ text: String) {
        // Lower case comes last: it may take letters apart again, and NFC is not made a second time.
        scalars = text.precomposedStringWithCanonicalMapping.unicodeScalars.flatMap { scalar in
            Array(scalar.properties.lowercaseMapping.unicodeScalars)
        }
        kinds = scalars.map(Self.kind)
    }

    /// The words in order, as UTF-8.
    var words: [[UInt8]] {
        var words: [[UInt8]] = []
        var start = 0
        while start < scalars.count {
            let end = end(ofWordAt: start)
            if kinds[start] != .space {
                var text = String.UnicodeScalarView()
                text.append(contentsOf: scalars[start..<end])
                words.append(Array(String(text).utf8))
            }
            start = end
        }
        return words
    }

    private func end(ofWordAt start: Int) -> Int {
        if scalars[start] == "'" {
            let rest = scalars[(start + 1)...]
            if let ending = Self.contractions.first(where: { rest.starts(with: $0) }) {
                return start + 1 + ending.count
            }
        }
        let kind = kinds[start]
        guard kind == .letter || kind == .other else { return start + 1 }
        return kinds[start...].firstIndex { $0 != kind } ?? scalars.count
    }

    private static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            .letter
        case .decimalNumber, .letterNumber, .otherNumber: .number
        default: scalar.properties.isWhitespace ? .space : .other
        }
    }
}
