internal import Foundation

/// How often each term occurs in each of a set of documents that belong to groups.
///
/// Documents come one after another and are not kept: 8 bytes stay for each distinct term of each
/// document. Use one for each prompt and grouping.
package struct TermCounts: Sendable {
    private struct Entry {
        var term: Int32
        var count: Int32
    }

    private var termNumbers = TextTable()
    private var terms: [String] = []
    private var documentFrequencies: [Int] = []
    private var groupNumbers = TextTable()
    private var groups: [TermTable.Group] = []
    /// By document: its group, and where its entries end.
    private var documents: [(group: Int, end: Int)] = []
    private var entries: [Entry] = []

    /// Creates counts of no document.
    package init() {}

    /// Adds a document.
    ///
    /// Its terms are the runs of two or more word characters in its lower case, as scikit-learn's
    /// `CountVectorizer` finds them: Python's `str.lower` and `\w`.
    /// - Parameters:
    ///   - text: the document; it counts as one even without a term.
    ///   - group: the name of its group, told apart by bytes.
    package mutating func add(_ text: String, group: String) {
        var numbers: [Int] = []
        let lowercased = PythonText.lowercased(Array(text.unicodeScalars))
        for word in lowercased.split(whereSeparator: { !$0.isPythonWordCharacter })
        where word.count >= 2 { numbers.append(number(ofTerm: PythonText.text(Array(word)))) }
        numbers.sort()
        for (index, term) in numbers.enumerated() {
            if index > 0 && numbers[index - 1] == term {
                entries[entries.count - 1].count += 1
            } else {
                entries.append(Entry(term: Int32(term), count: 1))
                documentFrequencies[term] += 1
            }
        }
        documents.append((number(ofGroup: group), entries.count))
    }

    private mutating func number(ofTerm term: String) -> Int {
        let number = termNumbers.number(of: term)
        if number == terms.count {
            terms.append(term)
            documentFrequencies.append(0)
        }
        return number
    }

    private mutating func number(ofGroup name: String) -> Int {
        let number = groupNumbers.number(of: name)
        if number == groups.count { groups.append(TermTable.Group(name: name, documentCount: 0)) }
        groups[number].documentCount += 1
        return number
    }
}

extension TermCounts {
    /// The table of the documents added so far.
    ///
    /// A document's weights are count · idf with idf = ln((1 + n) / (1 + df)) + 1, divided by their
    /// Euclidean norm: scikit-learn's `TfidfVectorizer` with its defaults.
    /// - Returns: the table; without rows if no document has a term.
    package func table() -> TermTable {
        let count = Double(documents.count)
        let weights = documentFrequencies.map { log((1 + count) / (1 + Double($0))) + 1 }
        let sums = sums(weights)
        let rows = weights.enumerated().map { term, weight in
            TermTable.Row(
                term: terms[term],
                documentFrequency: documentFrequencies[term],
                inverseDocumentFrequency: weight,
                means: groups.indices.map {
                    sums[$0 * terms.count + term] / Double(groups[$0].documentCount)
                }
            )
        }
        return TermTable(groups: groups, unordered: rows)
    }

    /// The sums of the documents' unit vectors: `[groups, terms]`.
    private func sums(_ weights: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: groups.count * terms.count)
        var start = 0
        for document in documents {
            let vector = entries[start..<document.end].map { entry in
                (Int(entry.term), Double(entry.count) * weights[Int(entry.term)])
            }
            start = document.end
            let norm = vector.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
            for (term, weight) in vector {
                sums[document.group * terms.count + term] += weight / norm
            }
        }
        return sums
    }
}
