import EvalCore
import Evaluation
import Foundation
import Scoring
import Statistics
import Tasks

/// Scoring as many predictions as VQAv2's val2014 has.
struct MetricBenchmarks {
    let inputs: Inputs
    let effort: Effort
    let printer: ResultPrinter

    /// Prints the seconds that it takes.
    func run() throws {
        let count = effort.size(214_354, smoke: 200)
        printer.section("Metrics, \(count) predictions, 1 thread")
        try withTemporaryFolder { folder in
            let data = GeneratedVQA(task: inputs.task, source: inputs.data, folder: folder)
            let annotations = try data.write("val2014", count: count, withPictures: false)
            try accuracy(of: DatasetReader.references(annotations.path, task: inputs.task).samples)
            try wholeFile(annotations, folder, count)
        }
        comparison(count)
    }

    /// 2,000 resamples of paired scores, each sample a cluster of its own.
    private func comparison(_ count: Int) {
        var generator = KeyedGenerator(seed: 1, key: ["benchmark"])
        func scores() -> [Double] { (0..<count).map { _ in Double(generator.next(below: 4)) / 3 } }
        let (first, second) = (scores(), scores())
        let clusters = Array(0..<count)
        let time = Measurement(effort) {
            let estimate = PairedEstimate(
                of: first,
                and: second,
                clusters: clusters,
                using: &generator
            )
            precondition(estimate.interval != nil)
        }
        print("two runs compared, 2,000 resamples", time.median, aim: 5)
    }

    /// The accuracy alone, with samples and predictions in memory.
    private func accuracy(of source: any SampleSource) throws {
        let items = (0..<source.count).map { index in
            let sample = source.sample(at: index)
            return ScoredItem(
                sampleID: sample.id,
                target: sample.target,
                answer: Self.answer(index)
            )
        }
        let time = try Measurement(effort) {
            var scorer = try SampleScorer(metricNames: ["vqa_accuracy"])
            for item in items { _ = try scorer.scores(of: item) }
        }
        print("VQA accuracy alone", time.median, aim: 1)
    }

    /// Everything that `score` does: annotations and predictions read, all metrics with intervals.
    private func wholeFile(_ annotations: URL, _ folder: URL, _ count: Int) throws {
        let file = folder.appendingPathComponent("predictions.json")
        let predictions = (0..<count).map { index in
            let id = GeneratedVQA.questionID(index)
            return #"{"question_id":\#(id),"answer":"\#(Self.answer(index))"}"#
        }
        try Data("[\(predictions.joined(separator: ","))]".utf8).write(to: file)
        let time = try Measurement(effort) {
            let scores = try ScoreFile(
                file.path,
                task: inputs.task,
                references: .file(annotations.path, split: nil)
            )
            precondition(scores.count == count)
        }
        print(
            "files read, \(inputs.task.metrics.count) metrics with intervals",
            time.median,
            aim: 5
        )
    }

    private func print(_ name: String, _ seconds: Double, aim: Double) {
        printer.row(
            Row(
                name: name,
                value: "\(fixed(seconds, 2)) s",
                against: Aim.under(aim).verdict(on: seconds, "s")
            )
        )
    }

    private static func answer(_ index: Int) -> String {
        let words = ["yes", "no", "2", "Red.", "a circle", "on the left", "it's blue", "two"]
        return index % 3 == 0 ? "answer \(index % 5_000)" : words[index % words.count]
    }
}
