import TestSupport
import Testing

/// The samples and filters of an open page.
struct SampleList {
    /// A sample as the page's source has it.
    struct Card: Decodable {
        let id: String
        let tags: [String]
        /// The words of its line, which searching looks at.
        let words: String
    }

    /// A filter and what it offers.
    struct Filter: Decodable {
        struct Option: Decodable {
            let value: String
            let title: String

            /// How many samples its title says that it shows: "yes/no (8)".
            var statedCount: Int? {
                guard let start = title.lastIndex(of: "("), title.hasSuffix(")") else { return nil }
                return Int(title[start...].dropFirst().dropLast())
            }
        }
        let title: String
        let options: [Option]
    }

    let page: BrowserPage
    let cards: [Card]
    let filters: [Filter]

    init(_ page: BrowserPage) throws {
        self.page = page
        cards = try page.value(
            """
            [...document.querySelectorAll("details.sample")].map(sample => ({
              id: sample.id, tags: sample.dataset.tags.split(" "),
              words: sample.querySelector("summary").textContent}))
            """
        )
        filters = try page.value(
            """
            [...document.querySelectorAll("form.filters select")].map(select => ({
              title: select.parentElement.firstChild.textContent,
              options: [...select.options].slice(1).map(({value, text}) => ({value, title: text}))}))
            """
        )
    }

    var ids: [String] { cards.map(\.id) }

    /// Those that all tags belong to and whose line has a text.
    func ids(with tags: String..., saying text: String = "") -> [String] {
        cards.filter { card in
            tags.allSatisfy { card.tags.contains($0) }
                && (text.isEmpty || card.words.lowercased().contains(text.lowercased()))
        }
        .map(\.id)
    }

    /// Those that can be seen.
    func shown() throws -> [String] {
        try page.value(
            """
            [...document.querySelectorAll("details.sample")]
              .filter(sample => sample.checkVisibility() && sample.offsetHeight > 20)
              .map(sample => sample.id)
            """
        )
    }

    /// Those that are open.
    func opened() throws -> [String] {
        try page.value(
            """
            [...document.querySelectorAll("details.sample[open]")].map(sample => sample.id)
            """
        )
    }

    /// The one whose line has the focus, or what has it.
    func focused() throws -> String {
        try page.value(
            """
            document.activeElement.matches("summary")
              ? document.activeElement.parentElement.id : document.activeElement.localName
            """
        )
    }

    /// How many of how many are shown, as the page says it.
    func count() throws -> String {
        try page.value("document.querySelector('.filters .shown').innerText")
    }

    /// Chooses of a filter what has a value; the empty one is all.
    func choose(_ value: String, in filter: Int) throws {
        try page.run(
            """
            const select = document.querySelectorAll("form.filters select")[\(filter)];
            select.value = \(BrowserPage.quoted(value));
            for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, {bubbles: true}));
            """
        )
    }

    /// Goes on by Tab until something has the focus.
    /// - Returns: all that had it on the way.
    func tab(to wanted: String) throws -> [String] {
        var reached: [String] = []
        while reached.last != wanted {
            try #require(reached.count < 100, "Tab does not reach \(wanted): \(reached)")
            try page.press(.tab)
            #expect(try focusIsVisible(), "\(reached)")
            reached.append(try focused())
        }
        return reached
    }

    /// True if what has the focus has an outline that can be seen.
    func focusIsVisible() throws -> Bool {
        try page.value(
            """
            (() => {
              const {outlineStyle, outlineWidth} = getComputedStyle(document.activeElement);
              return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
            })()
            """
        )
    }

    /// Expects that just these are seen and counted.
    func expectShown(_ wanted: [String], _ what: Comment) throws {
        let shown = try shown()
        #expect(shown == wanted, what)
        let count = try count()
        #expect(count == "\(wanted.count) of \(cards.count) shown", what)
    }
}
