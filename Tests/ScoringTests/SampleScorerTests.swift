import EvalCore
import Scoring
import Testing

struct SampleScorerTests {
    @Test func unknownMetricsAreNamedWithThoseThereAre() {
        #expect(
            throws: ScoringError.unknownMetric("vqa_acuracy", known: Metric.all.map(\.name))
        ) { try SampleScorer(metricNames: ["vqa_accuracy", "vqa_acuracy"]) }
    }

    @Test(arguments: [Target.unlabelled, .answers([]), .captions(["a"]), .label("a")])
    func samplesWithoutReferencesAreErrorsThatNameThem(target: Target) throws {
        var scorer = try SampleScorer(metricNames: ["vqa_accuracy"])
        let item = ScoredItem(sampleID: "458752000", target: target, answer: "yes")
        #expect(
            throws: ScoringError.noReferences(metric: "vqa_accuracy", sampleID: "458752000")
        ) { try scorer.scores(of: item) }
    }

    @Test func metricNamesAreUnique() {
        #expect(Set(Metric.all.map(\.name)).count == Metric.all.count)
    }

    @Test func tallyBreaksDownByEveryCategory() {
        var tally = MetricTally()
        tally.add(
            1,
            cluster: "coco/1",
            categories: ["answer_type": "yes/no", "question_type": "is"]
        )
        tally.add(0, cluster: "coco/2", categories: ["answer_type": "number"])
        tally.add(0.5, cluster: "coco/1", categories: ["answer_type": "yes/no"])
        #expect(tally.values == [1, 0, 0.5])
        #expect(tally.clusters == [0, 1, 0])
        #expect(
            tally.breakdown == [
                "answer_type": [
                    "yes/no": CategoryValue(value: 0.75, count: 2),
                    "number": CategoryValue(value: 0, count: 1),
                ],
                "question_type": ["is": CategoryValue(value: 1, count: 1)],
            ]
        )
    }

    @Test func clustersAreToldApartByBytes() {
        var tally = MetricTally()
        for index in 0..<3_000 { tally.add(0, cluster: "c\(index)", categories: [:]) }
        tally.add(0, cluster: "caf\u{E9}", categories: [:])
        tally.add(0, cluster: "cafe\u{301}", categories: [:])
        tally.add(0, cluster: "c17", categories: [:])
        #expect(tally.clusters == Array(0..<3_002) + [17])
    }
}
