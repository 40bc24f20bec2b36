internal import EvalCore

/// VQA accuracy: the mean, over the references, of min(1, k / 3), where k references other than
/// that one equal the prediction.
///
/// The three variants differ in when texts are normalised and in what "other" means. The sums are
/// made in whole thirds, so a value is the exact one, correctly rounded: 0.9, where the official
/// script's floating sums may give 0.8999999999999998.
enum VQAAccuracy {
    /// Always normalised, the reference itself left out by position; one reference alone is
    /// compared as it is (M4's rule).
    static func byPosition(
        _ prediction: String,
        _ references: [ReferenceAnswer],
        _ table: inout AnswerTable
    ) -> Double {
        let wanted = table.forms(of: prediction).normal
        var matchCount = 0
        for reference in references
        where table.forms(of: reference.rawAnswer ?? reference.answer).normal == wanted {
            matchCount += 1
        }
        if references.count == 1 { return Double(matchCount) }
        let own = matchCount * min(3, max(0, matchCount - 1))
        let others = (references.count - matchCount) * min(3, matchCount)
        return Double(own + others) / Double(3 * references.count)
    }

    /// GT-Vision-Lab's script: normalised only if the clean references are not all identical, and
    /// all references that equal the one in question as records left out with it.
    static func official(
        _ prediction: String,
        _ references: [ReferenceAnswer],
        _ table: inout AnswerTable
    ) -> Double {
        let forms = references.map { table.forms(of: $0.answer) }
        let isNormalised = forms.contains { $0.cleaned != forms[0].cleaned }
        let path = isNormalised ? \AnswerTable.Forms.normal : \.cleaned
        let wanted = table.forms(of: prediction)[keyPath: path]
        return byRecord(references, isMatch: forms.map { $0[keyPath: path] == wanted })
    }

    /// OpenFlamingo's script: always normalised, left out by equality of records.
    static func openFlamingo(
        _ prediction: String,
        _ references: [ReferenceAnswer],
        _ table: inout AnswerTable
    ) -> Double {
        let wanted = table.forms(of: prediction).normal
        let isMatch = references.map { table.forms(of: $0.answer).normal == wanted }
        return byRecord(references, isMatch: isMatch)
    }

    /// Matching references of equal text differ only in what stands beside the text; a reference
    /// that does not match has no equal among those that do.
    private static func byRecord(_ references: [ReferenceAnswer], isMatch: [Bool]) -> Double {
        var groups: [RecordRest: Int] = [:]
        for (reference, isMatch) in zip(references, isMatch) where isMatch {
            groups[RecordRest(reference), default: 0] += 1
        }
        let matchCount = groups.values.reduce(0, +)
        let own = groups.values.reduce(0) { $0 + $1 * min(3, matchCount - $1) }
        let others = (references.count - matchCount) * min(3, matchCount)
        return Double(own + others) / Double(3 * references.count)
    }
}

/// What a reference's record holds besides the answer.
private struct RecordRest: Hashable {
    let id: Int?
    let confidence: [UInt8]
    let rawAnswer: [UInt8]

    init(_ reference: ReferenceAnswer) {
        id = reference.answerID
        // Strings would compare by canonical equivalence; Python compares code points.
        confidence = Array((reference.confidence ?? "").utf8)
        rawAnswer = Array((reference.rawAnswer ?? "").utf8)
    }
}
