import Foundation
import TestSupport
import Testing

/// A report's site in a browser: how its pages look, and what mouse and keys do on them.
@Suite(
    .enabled(
        if: HeadlessBrowser.executable != nil,
        "no Chromium found: tools/bootstrap --browser installs it"
    ),
    .serialized,
    .visitedSite
)
struct SiteBrowserTests {
    private static let looks = PageLook.Scheme.allCases.flatMap { scheme in
        [1280, 400].map { PageLook(width: $0, scheme: scheme) }
    }
    private static let firstLine = "details.sample:not([hidden]) > summary"

    @Test func pagesFitAndCanBeRead() throws {
        let site = try VisitedSite.site
        let page = site.page
        for kind in VisitedSite.Kind.allCases {
            let path = try site.page(kind)
            var papers: [PageLook.Scheme: Set<String>] = [:]
            for look in Self.looks {
                try site.visit(path, look: look) {
                    try expectGoodLook(page, "\(path) \(look)")
                    try expectGoodLookOfSample(page, "\(path) \(look), a sample open")
                    let paper = "getComputedStyle(document.body).backgroundColor"
                    papers[look.scheme, default: []].insert(try page.value(paper))
                    try keepPicture(of: page, "\(kind.rawValue)-\(look)")
                }
            }
            let (light, dark) = (papers[.light] ?? [], papers[.dark] ?? [])
            #expect(light.count == 1 && dark.count == 1 && light != dark, "\(path): \(papers)")
        }
    }

    private func expectGoodLookOfSample(_ page: BrowserPage, _ what: Comment) throws {
        guard try !SampleList(page).cards.isEmpty else { return }
        try page.click(Self.firstLine)
        try expectGoodLook(page, what)
    }

    private func expectGoodLook(_ page: BrowserPage, _ what: Comment) throws {
        let width = try page.value("document.documentElement.scrollWidth", as: Int.self)
        let window = try page.value("document.documentElement.clientWidth", as: Int.self)
        #expect(width <= window, what)
        let pale = try PaleText.all(of: page)
        #expect(pale.isEmpty, what)
        try expectPictures(page, what)
    }

    /// Expects that what the window shows of pictures is there.
    private func expectPictures(_ page: BrowserPage, _ what: Comment) throws {
        let pictures = """
            [...document.images].filter(image => {
              const {top, bottom} = image.getBoundingClientRect();
              return image.checkVisibility() && bottom > 0 && top < innerHeight;
            })
            """
        try page.wait(until: "\(pictures).every(image => image.complete)")
        let broken = "\(pictures).filter(image => !image.naturalWidth).map(image => image.src)"
        #expect(try page.value(broken, as: [String].self) == [], what)
    }

    /// For those who want to look themselves.
    private func keepPicture(of page: BrowserPage, _ name: String) throws {
        let variable = "IDEFICS_EVAL_SITE_PICTURES"
        guard let path = ProcessInfo.processInfo.environment[variable] else { return }
        let folder = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try page.run("window.scrollTo(0, 0)")
        try page.picture().write(to: folder.appendingPathComponent(name + ".png"))
    }

    @Test func linksLeadToFilesOfTheSite() throws {
        let site = try VisitedSite.site
        let page = site.page
        for kind in VisitedSite.Kind.allCases {
            let path = try site.page(kind)
            try site.visit(path) {
                let lost = try lostLinks(of: page, in: site)
                #expect(lost.isEmpty, "\(path)")
            }
        }
    }

    /// Links that lead out of the site, to no file or to no place of their own page.
    private func lostLinks(of page: BrowserPage, in site: VisitedSite) throws -> [String] {
        let links = try page.value("[...document.links].map(link => link.href)", as: [String].self)
        #expect(!links.isEmpty)
        let all = "[...document.querySelectorAll('[id]')].map(element => element.id)"
        let ids = try page.value(all, as: [String].self)
        let own = try page.value("document.URL", as: String.self)
        return links.filter { link in
            if link.hasPrefix(own + "#") {
                return !ids.contains(String(link.dropFirst(own.count + 1)))
            }
            guard link.hasPrefix(site.folder.absoluteString), let address = URL(string: link)
            else { return true }
            return !FileManager.default.fileExists(atPath: address.path)
        }
    }

    @Test func withoutScriptsSamplesCanBeRead() throws {
        let site = try VisitedSite.site
        let page = site.page
        let look = PageLook(width: 400, runsScripts: false)
        for kind in [VisitedSite.Kind.samples, .comparison] {
            try site.visit(try site.page(kind), look: look) {
                let list = try SampleList(page)
                let form = "document.querySelector('form.filters').checkVisibility()"
                #expect(try !page.value(form, as: Bool.self), "filters that do nothing")
                #expect(try list.shown() == list.ids)
                try page.click(Self.firstLine)
                #expect(try list.opened() == [list.ids[0]])
                let prompt = "document.querySelector('details[open] pre')"
                #expect(try page.value("\(prompt).checkVisibility()", as: Bool.self))
                #expect(try !page.value("\(prompt).innerText", as: String.self).isEmpty)
            }
        }
    }

    /// What the other tests rely on: none of this goes unnoticed.
    @Test func whatPagesMustNotDoIsNoticed() throws {
        let site = try VisitedSite.site
        let page = site.page
        let path = site.folder.appendingPathComponent(try site.page(.samples))
        let faults = [
            ("new Image().src = 'https://example.com/x.png'", "request: https://example.com/x.png"),
            ("new Image().src = 'gone.png'", "failed request: net::ERR_FILE_NOT_FOUND"),
            ("new Image().src = 'file:///gone.png'", "request: file:///gone.png"),
            ("fetch('https://example.com/').catch(() => 0)", "connect-src"),
            ("document.body.setAttribute('style', 'top: 0')", "style-src"),
            ("console.log('here')", "console: log"),
            ("setTimeout(() => { throw new Error('thrown') }, 0)", "exception: Error: thrown"),
        ]
        try page.show(PageLook())
        for (script, problem) in faults {
            try page.open(path)
            #expect(try page.problems(outside: site.folder) == [])
            try page.run(script)
            let end = ContinuousClock.now + .seconds(10)
            var problems: [String] = []
            repeat {
                problems = try page.problems(outside: site.folder)
            } while !problems.contains { $0.contains(problem) } && ContinuousClock.now < end
            #expect(problems.contains { $0.contains(problem) }, "\(script): \(problems)")
        }
    }
}
