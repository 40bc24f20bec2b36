import Scoring
import Testing

struct BiasTests {
    private func counts(_ texts: [String], _ groups: [String]) -> TermCounts {
        var counts = TermCounts()
        for (text, group) in zip(texts, groups) { counts.add(text, group: group) }
        return counts
    }

    @Test func theGoldenTableIsReproduced() throws {
        let golden = try RankingGolden.loaded.get().tfidf_bias
        let table = counts(golden.docs, golden.groups).table()
        #expect(table.groups.map(\.name) == ["man", "woman", "non-binary"])
        #expect(table.rows.map(\.term).sorted() == golden.vocabulary)
        #expect(table.rows.prefix(golden.top.count).map(\.term) == golden.top.map(\.term))
        for row in table.rows {
            let idf = try #require(golden.idf[row.term])
            #expect(abs(row.inverseDocumentFrequency - idf) < 1e-12)
        }
        for (row, expected) in zip(table.rows, golden.top) {
            #expect(abs(row.variance - expected.variance) < 1e-12)
            for (group, mean) in zip(table.groups, row.means) {
                #expect(abs(mean - (try #require(expected.means[group.name]))) < 1e-12)
            }
        }
    }

    @Test func tablesAgreeWithScikitLearn() throws {
        let tables = try BiasOracle.loaded.get().tables
        #expect(tables.count == 3)
        for expected in tables {
            let table = counts(expected.documents, expected.groups).table()
            let rows = table.rows.sorted {
                $0.term.unicodeScalars.lexicographicallyPrecedes($1.term.unicodeScalars)
            }
            #expect(rows.map(\.term.scalarValues) == expected.terms.map(\.term.scalarValues))
            let order = try expected.group_names.map { name in
                try #require(
                    table.groups.firstIndex { $0.name.scalarValues == name.scalarValues }
                )
            }
            for (row, wanted) in zip(rows, expected.terms) {
                #expect(abs(row.inverseDocumentFrequency - wanted.idf) < 1e-12)
                #expect(abs(row.variance - wanted.variance) < 1e-12)
                for (group, mean) in zip(order, wanted.means) {
                    #expect(abs(row.means[group] - mean) < 1e-12, "\(row), \(wanted)")
                }
            }
        }
    }

    @Test func rowsStandByVarianceThenByCodePoints() {
        let table = counts(
            ["same zz \u{FF5E}\u{FF5A}\u{FF5A}", "same aa", "same \u{1D44E}\u{1D44E}"],
            ["a", "b", "c"]
        ).table()
        #expect(table.rows.map(\.term).suffix(1) == ["same"])
        let variances = table.rows.map(\.variance)
        #expect(variances == variances.sorted(by: >))
        // "aa" and the mathematical letters fill their documents alike, in different groups.
        #expect(table.rows.map(\.term).prefix(2) == ["aa", "\u{1D44E}\u{1D44E}"])
        #expect(variances[0] == variances[1])
        #expect(table.rows.map(\.term)[2...3] == ["zz", "\u{FF5A}\u{FF5A}"])
    }

    @Test func termsThatOnlySwapGroupsTie() {
        // Each document holds each word, as often as the distance to its own group says.
        let words = ["ab", "cd", "ef", "gh", "ij", "kl", "mn"]
        let texts = words.indices.map { group in
            words.indices.map { distance in
                let word = words[(group + distance) % words.count]
                return repeatElement(word, count: distance + 1).joined(separator: " ")
            }.joined(separator: " ")
        }
        let rows = counts(texts, words).table().rows
        #expect(rows.map(\.term) == words)
        #expect(Set(rows.map(\.variance)).count == 1 && Set(rows.map(\.means)).count == 7)
    }

    @Test func documentsWithoutTermsCountInTheirGroup() {
        let table = counts(["dog", "", "a I \u{1F600}"], ["x", "x", "y"]).table()
        #expect(table.groups.map(\.documentCount) == [2, 1])
        #expect(table.rows.map(\.term) == ["dog"])
        #expect(table.rows.first?.means == [0.5, 0])
        #expect(table.rows.first?.variance == 0.0625)
    }

    @Test func groupsAreToldApartByBytes() {
        let table = counts(["dog", "dog"], ["caf\u{E9}", "cafe\u{301}"]).table()
        #expect(table.groups.count == 2)
    }

    @Test(arguments: [[], [""], ["a I", "\u{1F600} ?!"]])
    func noTermIsAnEmptyTable(texts: [String]) {
        let table = counts(texts, texts.map { "group \($0)" }).table()
        #expect(table.rows.isEmpty)
        #expect(table.groups.count == texts.count)
    }

    @Test func wordCharactersAreThoseOfPython() throws {
        var isWord = [Bool](repeating: false, count: 0x11_0000)
        for range in try BiasOracle.loaded.get().word_ranges {
            for value in range[0]...range[1] { isWord[Int(value)] = true }
        }
        var differing: [String] = []
        for value in UInt32(0)..<0x11_0000 {
            guard let scalar = Unicode.Scalar(value), let age = scalar.properties.age,
                age.major <= 14
            else { continue }
            if scalar.isPythonWordCharacter != isWord[Int(value)] {
                differing.append(String(value, radix: 16))
            }
        }
        #expect(differing.isEmpty, "\(differing.count): \(differing.prefix(20))")
    }
}
