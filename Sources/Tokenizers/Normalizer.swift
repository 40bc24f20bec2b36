/// The changes that a text undergoes between the two searches for added tokens.
struct Normalizer: Sendable {
    /// One change.
    enum Step: Sendable, Equatable {
        /// Puts bytes in front of a text that is not empty.
        case prepend([UInt8])
        /// Replaces every occurrence of bytes, from the left.
        case replace([UInt8], by: [UInt8])
    }

    let steps: [Step]

    func apply(_ text: MarkedText) -> MarkedText {
        steps.reduce(text) { text, step in
            switch step {
            case .prepend(let prefix): Self.prepend(prefix, text)
            case .replace(let pattern, let content): Self.replace(pattern, content, text)
            }
        }
    }

    /// The normalised form of an added token's own text.
    func apply(_ bytes: [UInt8]) -> [UInt8] {
        var text = MarkedText()
        text.bytes = bytes
        return apply(text).bytes
    }

    /// The prefix belongs to markup if the text starts with markup.
    private static func prepend(_ prefix: [UInt8], _ text: MarkedText) -> MarkedText {
        guard !text.bytes.isEmpty else { return text }
        var result = MarkedText()
        result.bytes = prefix + text.bytes
        result.markup = text.markup.map { run in
            let start = run.lowerBound == 0 ? 0 : run.lowerBound + prefix.count
            return start..<run.upperBound + prefix.count
        }
        return result
    }

    /// What replaces an occurrence belongs to markup if the whole occurrence does.
    private static func replace(
        _ pattern: [UInt8],
        _ content: [UInt8],
        _ text: MarkedText
    ) -> MarkedText {
        var result = MarkedText()
        result.bytes.reserveCapacity(text.bytes.count + text.bytes.count / 2)
        var runs = RunMapper(text.markup)
        var index = 0
        while index < text.bytes.count {
            let end = index + pattern.count
            let isMatch =
                text.bytes[index] == pattern[0] && end <= text.bytes.count
                && text.bytes[index..<end].elementsEqual(pattern)
            let next = isMatch ? end : index + 1
            let start = result.bytes.count
            if isMatch { result.bytes += content } else { result.bytes.append(text.bytes[index]) }
            runs.map(index..<next, to: start..<result.bytes.count)
            index = next
        }
        result.markup = runs.mapped
        return result
    }
}

/// Carries runs of markup over to a changed text.
private struct RunMapper {
    private let runs: [Range<Int>]
    private var current = 0
    private var isOpen = false
    private(set) var mapped: [Range<Int>] = []

    init(_ runs: [Range<Int>]) { self.runs = runs.filter { !$0.isEmpty } }

    /// Notes that the bytes `old` became the bytes `new`; called from left to right.
    mutating func map(_ old: Range<Int>, to new: Range<Int>) {
        while current < runs.count, runs[current].upperBound <= old.lowerBound {
            current += 1
            isOpen = false
        }
        guard current < runs.count, runs[current].lowerBound <= old.lowerBound,
            old.upperBound <= runs[current].upperBound
        else {
            isOpen = false
            return
        }
        if isOpen, let last = mapped.popLast() {
            mapped.append(last.lowerBound..<new.upperBound)
        } else {
            mapped.append(new)
        }
        isOpen = true
    }
}
