import Comparison
import EvalCore
import Foundation
import Reporting

/// An invented store: three runs of one benchmark, with samples and pictures.
struct ReportFixture {
    /// Put into every field that data decides, behind the field's own name; nil leaves them.
    var text: String?

    var runs: [RunSummary] {
        [
            run(0, value: 0.501, low: 0.47, high: 0.532),
            run(4, value: 0.583, low: 0.551, high: 0.615),
            run(8, value: 0.576, low: 0.545, high: 0.607),
        ]
    }

    var titles: [String: String] { [task: mixed("OKVQA")] }

    func source(published: PublishedResults? = nil) -> ReportSource {
        ReportSource(runs: runs, titles: titles, published: published)
    }

    var attempts: [RunAttempt] {
        [
            RunAttempt(
                description: AttemptDescription(
                    toolVersion: mixed("1.0"),
                    commit: mixed("0123456789abcdef"),
                    cpu: mixed("Some CPU"),
                    system: mixed("Linux"),
                    threads: 2,
                    processID: 1,
                    bootID: mixed("boot")
                ),
                started: Date(timeIntervalSince1970: 1_700_000_000),
                ended: Date(timeIntervalSince1970: 1_700_000_100),
                ending: mixed("done"),
                sampleCount: 40
            )
        ]
    }

    /// Nine samples: right, partly, wrong, failed; the last without a source.
    func samples(of run: RunSummary) -> [SampleView] {
        (0..<9).map { index in
            SampleView(
                record: record(index),
                source: index == 8
                    ? .failure(SampleFailure(code: "gone", message: mixed("no such data")))
                    : .success(source(index)),
                flips: index == 2 ? [runs[0].run: true, runs[1].run: false] : [:]
            )
        }
    }

    /// Four against eight shots.
    var comparison: ComparisonView {
        let (first, second) = (runs[1], runs[2])
        var changed = second
        changed.plan.recipe.engine.precision = mixed("int8")
        return ComparisonView(
            first: first,
            second: second,
            difference: mixed("4 → 8 shots"),
            comparison: RunComparison(
                compared(first, worse: []),
                compared(changed, worse: [3, 7])
            ),
            flips: zip(samples(of: first).prefix(3), samples(of: second).suffix(3)).map {
                ComparisonView.Flip(first: $0, second: $1)
            }
        )
    }

    /// A run of 40 samples, all right but some.
    private func compared(_ run: RunSummary, worse: Set<Int>) -> ComparedRun {
        let metric = run.metrics[0].metric
        let samples = (0..<40).map { index in
            var record = SampleRecord(
                ordinal: index,
                id: mixed("q\(index)"),
                cluster: "c\(index)",
                categories: [
                    mixed("answer_type"): mixed(index.isMultiple(of: 2) ? "yes/no" : "other")
                ]
            )
            record.answer = mixed(worse.contains(index) ? "no" : "yes")
            record.scores = [
                Score(metric: metric, version: 1, value: worse.contains(index) ? 0 : 1)
            ]
            return ComparedSample(record)
        }
        return ComparedRun(run, samples: samples)
    }

    private var task: String { mixed("okvqa") }

    private func mixed(_ name: String) -> String { text.map { name + $0 } ?? name }

    private func run(_ shots: Int, value: Double, low: Double, high: Double) -> RunSummary {
        var summary = RunFixture(
            run: mixed("run\(shots)"),
            model: mixed("idefics-9b"),
            task: task,
            split: mixed("val"),
            metric: text == nil ? "vqa_accuracy" : mixed("vqa_accuracy"),
            otherMetrics: [mixed("vqa_accuracy_official"): value + 0.01],
            shots: shots,
            selection: mixed("random"),
            encoder: text == nil ? nil : mixed("clip"),
            promptProtocol: mixed("m4"),
            variant: mixed("base"),
            precision: mixed("bf16"),
            weights: mixed("w"),
            count: 5046,
            data: mixed("d"),
            breakdown: [
                mixed("answer_type"): [
                    mixed("yes/no"): CategoryValue(value: value + 0.1, count: 30),
                    mixed("other"): CategoryValue(value: value - 0.1, count: 10),
                ]
            ],
            published: 5046,
            reasons: text == nil ? [] : [mixed("because")],
            value: value,
            interval: low...high
        ).summary
        summary.plan.label = mixed("label")
        summary.plan.recipe.engine.kernelSet = mixed("avx2")
        summary.plan.recipe.supportDigest = mixed("s")
        return summary
    }

    private func record(_ index: Int) -> SampleRecord {
        var record = SampleRecord(
            ordinal: index,
            id: mixed("q\(index)"),
            cluster: "c",
            categories: [mixed("answer_type"): mixed(index.isMultiple(of: 2) ? "yes/no" : "other")]
        )
        record.shotIDs = [mixed("a"), mixed("b")]
        record.similarities = [0.25 + Double(index) / 50, 0.5 + Double(index) / 50]
        record.promptSHA256 = mixed("digest")
        record.promptTokenCount = 44
        if index == 3 {
            record.failure = SampleFailure(
                code: mixed("image_unreadable"),
                message: mixed("broken")
            )
            return record
        }
        record.output = mixed(" yes\n")
        record.answer = mixed("yes")
        record.finish = .stop
        record.candidateLogprobs = [-1, -2]
        let metric = runs[0].metrics[0].metric
        record.scores = [Score(metric: metric, version: 1, value: [1, 0.6, 0][index % 3])]
        return record
    }

    private func source(_ index: Int) -> SampleView.Source {
        let picture = PictureView(
            name: mixed("COCO_1.jpg"),
            state: .shown(
                ThumbnailReference(
                    digest: "0123456789abcdef0123456789abcdef",
                    width: 256,
                    height: 171
                )
            )
        )
        let gone = PictureView(name: mixed("gone.jpg"), state: .missing(mixed("the file is gone")))
        return SampleView.Source(
            question: mixed("Is it raining?"),
            pictures: [picture],
            shots: [
                SampleView.ShotView(
                    id: mixed("a"),
                    answer: mixed("no"),
                    pictures: [gone],
                    similarity: 0.25
                ),
                SampleView.ShotView(
                    id: mixed("b"),
                    answer: mixed("yes"),
                    pictures: [picture],
                    similarity: 0.5
                ),
            ],
            prompts: [
                [
                    .markup("<s>Image:"), .picture(picture), .markup("Question: "),
                    .text(mixed("Is it raining?")), .markup(" Answer:"),
                ]
            ],
            references: [mixed("yes ×7"), mixed("no ×3")],
            candidates: [mixed("yes"), mixed("no")],
            isLabelFound: nil,
            hasStoredShots: index != 1
        )
    }
}
