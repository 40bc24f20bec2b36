import EvalCore
import Foundation
import Reporting
import RunStore
import Tasks

/// Writes a site: benchmark by benchmark, so that the samples of its runs can be compared.
struct SiteSession {
    let site: Site
    let reader: RunStoreReader
    let catalog: TaskCatalog
    let folder: ReportFolder
    let pictures: SitePictures
    let sampleLimit: Int
    let dataRoot: (RunSummary) -> String?

    /// Writes all pages.
    /// - Returns: what the site holds.
    /// - Throws: store errors; `CommandError` for files that cannot be written.
    func write() throws -> Site.Extent {
        var comparisons: [ComparedPair] = []
        for runs in benchmarks { comparisons += try write(runs) }
        let extent = Site.Extent(
            samplesPerRun: sampleLimit,
            pictureCount: pictures.count,
            pictureBytes: pictures.byteCount,
            omittedPictures: pictures.omittedCount
        )
        try folder.write(site.index(extent, comparisons: comparisons))
        return extent
    }

    /// The runs by benchmark, in the order of the site.
    private var benchmarks: [[RunSummary]] {
        site.runs.reduce(into: []) { groups, run in
            let recipe = run.plan.recipe
            let index = groups.firstIndex { group in
                let other = group[0].plan.recipe
                return other.task == recipe.task && other.split == recipe.split
            }
            if let index { groups[index].append(run) } else { groups.append([run]) }
        }
    }

    /// The pages of the runs of one benchmark.
    /// - Returns: the pairs that have a page.
    private func write(_ runs: [RunSummary]) throws -> [ComparedPair] {
        let sides = try runs.map(side)
        for side in sides { try writeSamples(side, beside: sides) }
        let comparisons = try compare(sides)
        for side in sides {
            let attempts = try attempts(of: side.run)
            let page = site.page(of: side.run, attempts: attempts, comparisons: comparisons)
            try folder.write(page)
        }
        return comparisons
    }

    private func side(_ run: RunSummary) throws -> SiteSide {
        let views = try SampleViews(
            of: run,
            catalog: catalog,
            root: dataRoot(run),
            pictures: pictures
        )
        if let problem = views.problem {
            Output.note("note: run \(run.run): prompts are not shown: \(problem)")
        }
        return try SiteSide(run, reader, views: views, limit: sampleLimit)
    }

    private func writeSamples(_ side: SiteSide, beside others: [SiteSide]) throws {
        var samples = try side.views.views(of: side.records)
        for index in samples.indices {
            samples[index].flips = side.flips(of: samples[index].record.id, beside: others)
        }
        let pages = site.samplePages(of: side.run, samples, choice: side.choice.sentence)
        for page in pages { try folder.write(page) }
    }

    private func compare(_ sides: [SiteSide]) throws -> [ComparedPair] {
        let choice = PairChoice(sides.map(\.run))
        if choice.omittedCount > 0 {
            let recipe = sides[0].run.plan.recipe
            Output.note(
                "note: \(recipe.task) \(recipe.split): \(choice.omittedCount) more pairs of runs "
                    + "have no page of their own"
            )
        }
        let flipLimit = min(sampleLimit, SiteComparison.flipLimit)
        return try choice.pairs.map { pair in
            guard let first = sides.first(where: { $0.run.run == pair.first.run }),
                let second = sides.first(where: { $0.run.run == pair.second.run })
            else { preconditionFailure("a pair of runs that are not of the benchmark") }
            let comparison = SiteComparison(first, second, difference: pair.difference)
            let view = try comparison.view(reader, flips: flipLimit)
            try folder.write(site.page(of: view))
            return view.pair
        }
    }

    private func attempts(of run: RunSummary) throws -> [RunAttempt] {
        try reader.attempts(of: run.run).map { attempt in
            RunAttempt(
                description: attempt.description,
                started: attempt.started,
                ended: attempt.ended,
                ending: attempt.ending,
                sampleCount: attempt.sampleCount
            )
        }
    }
}
