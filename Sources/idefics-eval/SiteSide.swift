import Comparison
import EvalCore
import Reporting
import RunStore

/// One run of a site: the samples that it shows, and what others are compared with.
struct SiteSide {
    let run: RunSummary
    /// Which samples are shown.
    let choice: SampleChoice
    /// The samples shown, in query order.
    let records: [SampleRecord]
    /// All samples as comparisons see them.
    let compared: ComparedRun
    /// Headline scores by sample id.
    private let scores: [String: Double]
    /// Makes samples into views.
    let views: SampleViews

    /// Reads a run's samples twice: to choose among them, and to keep those chosen.
    /// - Throws: store errors.
    init(_ run: RunSummary, _ reader: RunStoreReader, views: SampleViews, limit: Int) throws {
        self.run = run
        self.views = views
        let headline = run.metrics.first?.metric
        var candidates: [SampleChoice.Candidate] = []
        var samples: [ComparedSample] = []
        try reader.eachSample(of: run.run) { record in
            candidates.append(SampleChoice.Candidate(record, headline: headline))
            samples.append(ComparedSample(record))
        }
        let choice = SampleChoice(candidates, limit: limit, headline: headline)
        var records: [SampleRecord] = []
        try reader.eachSample(of: run.run) { record in
            if choice.ordinals.contains(record.ordinal) { records.append(record) }
        }
        (self.choice, self.records) = (choice, records)
        scores = samples.reduce(into: [:]) { scores, sample in
            if let headline { scores[sample.id] = sample.scores[headline] }
        }
        compared = ComparedRun(
            run,
            weightsSHA256: try reader.contentDigest(
                ofWeights: run.plan.recipe.engine.weightsDigest
            ),
            samples: samples
        )
    }

    /// The other runs whose score of a sample differs, and whether theirs is higher.
    func flips(of id: String, beside others: [SiteSide]) -> [String: Bool] {
        guard let score = scores[id] else { return [:] }
        let metric = run.metrics.first?.metric
        return others.reduce(into: [:]) { flips, other in
            guard other.run.run != run.run, other.run.metrics.first?.metric == metric,
                let theirs = other.scores[id], theirs != score
            else { return }
            flips[other.run.run] = theirs > score
        }
    }
}
