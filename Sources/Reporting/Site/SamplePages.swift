internal import EvalCore

/// The pages of a run's samples: static lists, a script only filters them.
struct SamplePages: Sendable {
    let site: Site
    let run: RunSummary
    let samples: [SampleView]
    let choice: String
    /// Samples of a page.
    static let pageSize = 200

    var pages: [SitePage] {
        let count = max(1, (samples.count + Self.pageSize - 1) / Self.pageSize)
        return (1...count).map { number in
            let start = (number - 1) * Self.pageSize
            let end = min(samples.count, start + Self.pageSize)
            return page(number, of: count, Array(samples[start..<end]), from: start)
        }
    }

    private func page(
        _ number: Int,
        of count: Int,
        _ samples: [SampleView],
        from start: Int
    )
        -> SitePage
    {
        let path = Site.samplesPath(of: run, page: number)
        let tags = SampleTags(samples, of: run, in: site)
        let cards = samples.enumerated().map { index, sample in
            SampleCard(
                sample: sample,
                run: run,
                tags: tags.tags(of: sample),
                path: path,
                neighbours: (
                    index > 0 ? samples[index - 1] : nil,
                    index + 1 < samples.count ? samples[index + 1] : nil
                )
            )
            .node
        }
        let part = count > 1 ? ", page \(number) of \(count)" : ""
        return SitePage(
            path: path,
            title: "Samples\(part)",
            trail: [("Runs", "index.html"), (site.name(run), Site.path(of: run))],
            hasScript: true,
            content: [
                .node("h1", [], "Samples of \(site.name(run))"),
                .node("p", [.style("quiet")], site.settings(run)), .node("p", [], choice),
            ] + pagination(number, count, path) + [tags.form, hint] + cards
                + pagination(number, count, path)
        )
    }

    private var hint: MarkupNode {
        .node(
            "p",
            [.style("quiet")],
            "Open a sample for its prompt, shots and scores. Keys: j and k or ↓ and ↑ walk, Enter "
                + "opens, Esc closes, / searches."
        )
    }

    private func pagination(_ number: Int, _ count: Int, _ path: String) -> [MarkupNode] {
        guard count > 1 else { return [] }
        let links = (1...count).map { page -> MarkupNode in
            let target = PageLink(to: Site.samplesPath(of: run, page: page), from: path)
            let current = MarkupAttribute("aria-current", "page")
            return .node(
                "li",
                [],
                [.node("a", [.link(target)] + (page == number ? [current] : []), "Page \(page)")]
            )
        }
        return [
            .node("ul", [.style("buttons")], links),
            .node("p", [.style("quiet")], "Filters act on the samples of this page."),
        ]
    }
}
