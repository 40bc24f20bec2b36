import Foundation
import TestSupport
import Testing

/// Filters, search and keys of pages with samples.
extension SiteBrowserTests {
    @Test func filtersShowWhatTheyName() throws {
        try VisitedSite.visitLists { list, path in
            try list.expectShown(list.ids, path)
            for (index, filter) in list.filters.enumerated() {
                for option in filter.options {
                    try list.choose(option.value, in: index)
                    let wanted = list.ids(with: option.value)
                    try list.expectShown(wanted, "\(path): \(filter.title) \(option.title)")
                    if let count = option.statedCount { #expect(wanted.count == count, path) }
                }
                try list.choose("", in: index)
                try list.expectShown(list.ids, path)
            }
        }
    }

    @Test func outcomesAddUp() throws {
        var seen: Set<String> = []
        try VisitedSite.visitLists { list, path in
            for (index, filter) in list.filters.enumerated() {
                guard ["Outcome", "Score", "Change"].contains(filter.title) else { continue }
                seen.insert(filter.title)
                var shown: [String] = []
                for option in filter.options {
                    try list.choose(option.value, in: index)
                    shown += try list.shown()
                }
                #expect(shown.sorted() == list.ids.sorted(), path)
            }
        }
        #expect(seen.contains("Change") && seen.count >= 2, "\(seen)")
    }

    @Test func filtersAndSearchWorkTogether() throws {
        var combinations = 0
        try VisitedSite.visitLists { list, path in
            guard list.filters.count >= 2 else { return }
            for first in list.filters[0].options {
                for second in list.filters[1].options {
                    try list.choose(first.value, in: 0)
                    try list.choose(second.value, in: 1)
                    let wanted = list.ids(with: first.value, second.value)
                    try list.expectShown(wanted, path)
                    combinations += 1
                }
            }
            try list.choose("", in: 1)
            let tag = list.filters[0].options[0].value
            try list.choose(tag, in: 0)
            try list.page.press("/")
            try list.page.type("A")
            try list.expectShown(list.ids(with: tag, saying: "a"), path)
        }
        #expect(combinations > 0, "no page has two filters")
    }

    @Test func searchingFindsLinesAndHidesAndClosesOthers() throws {
        try VisitedSite.visitLists { list, path in
            let page = list.page
            try page.click("details.sample > summary")
            let own = "document.querySelectorAll('details.sample .what .id')[1].innerText"
            // Number and id: an id alone may stand in other samples' texts.
            let line = try page.value(own, as: String.self)
            try page.click("form.filters input")
            try page.type(line)
            let found = try list.shown()
            #expect(found.contains(list.ids[1]) && found.count < list.ids.count, path)
            try page.type("##")
            try list.expectShown([], path)
            #expect(try list.opened() == [], path)
            let length = try page.value("document.activeElement.value.length", as: Int.self)
            for _ in 0..<length { try page.press(.backspace) }
            try list.expectShown(list.ids, path)
        }
    }

    @Test func keysWalkOpenAndClose() throws {
        try VisitedSite.visitLists { list, path in
            let (page, ids) = (list.page, list.ids)
            try page.press("j")
            #expect(try list.focused() == ids[0] && list.opened() == [], path)
            try page.press(.enter)
            #expect(try list.opened() == [ids[0]], path)
            let steps: [(PageKey, Int)] = [
                ("j", 1), ("k", 0), (.down, 1), (.down, 2), (.up, 1),
            ]
            for (key, place) in steps {
                try page.press(key)
                #expect(try list.opened() == [ids[place]] && list.focused() == ids[place], path)
            }
            try page.press(.escape)
            #expect(try list.opened() == [] && list.focused() == ids[1], path)
            #expect(try list.focusIsVisible(), path)
            try page.press("j")
            #expect(try list.opened() == [] && list.focused() == ids[2], path)
        }
    }

    @Test func walkingEndsAtTheEndsAndSkipsWhatIsHidden() throws {
        try VisitedSite.visitLists { list, path in
            try list.page.press("k")
            try list.page.press("k")
            #expect(try list.focused() == list.ids[0], path)
            for _ in list.ids { try list.page.press("j") }
            #expect(try list.focused() == list.ids.last, path)
            let parts = list.filters.first?.options.map { list.ids(with: $0.value) } ?? []
            guard let index = parts.firstIndex(where: { $0.count >= 2 }) else { return }
            try list.choose(list.filters[0].options[index].value, in: 0)
            for _ in list.ids { try list.page.press("k") }
            for id in parts[index] {
                #expect(try list.focused() == id, path)
                try list.page.press("j")
            }
        }
    }

    @Test func keysInTheSearchAreText() throws {
        try VisitedSite.visitLists { list, path in
            try list.page.press("/")
            #expect(try list.focused() == "input" && list.focusIsVisible(), path)
            try list.page.type("jk")
            try list.page.press("/")
            let typed = try list.page.value("document.activeElement.value", as: String.self)
            #expect(typed == "jk/", path)
            try list.page.press(.escape)
            #expect(try list.focused() == "body", path)
        }
    }

    @Test func tabReachesFiltersAndSamples() throws {
        try VisitedSite.visitLists { list, path in
            let reached = try list.tab(to: list.ids[1])
            let wanted = list.filters.map { _ in "select" } + ["input"] + list.ids.prefix(2)
            #expect(reached.suffix(wanted.count) == wanted[...], path)
        }
    }

    @Test func arrowsChooseOfAFilter() throws {
        try VisitedSite.visitLists { list, path in
            guard let option = list.filters.first?.options.first else { return }
            _ = try list.tab(to: "select")
            try list.page.press(.down)
            try list.expectShown(list.ids(with: option.value), path)
            try list.page.press(.up)
            try list.expectShown(list.ids, path)
        }
    }

    @Test func linksOfASampleGoToItsNeighbours() throws {
        var walked = 0
        try VisitedSite.visitLists { list, path in
            try list.page.click("details.sample > summary")
            let next = "details.sample[open] a[data-step='1']"
            guard try list.page.value("document.querySelector(\"\(next)\") !== null") else {
                return
            }
            try list.page.click(next)
            #expect(try list.opened() == [list.ids[1]] && list.focused() == list.ids[1], path)
            let top = "document.querySelector('details[open]').getBoundingClientRect().top"
            #expect(try (0..<450).contains(list.page.value(top, as: Double.self)), path)
            try list.page.click("details.sample[open] a[data-step='-1']")
            #expect(try list.opened() == [list.ids[0]], path)
            walked += 1
        }
        #expect(walked > 0, "no sample has a neighbour")
    }

    @Test func anAddressOfASampleOpensIt() throws {
        let site = try VisitedSite.site
        let page = site.page
        let path = try site.page(.samples)
        var id = ""
        try site.visit(path) { id = try SampleList(page).ids[2] }
        try site.visit("\(path)#\(id)") {
            let list = try SampleList(page)
            #expect(try list.opened() == [id])
            #expect(try list.focused() == id)
            let top = "document.querySelector('details[open]').getBoundingClientRect().top"
            #expect(try (0..<450).contains(page.value(top, as: Double.self)))
        }
    }
}
