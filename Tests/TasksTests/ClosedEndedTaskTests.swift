import EvalCore
import Foundation
import Tasks
import TestSupport
import Testing

/// What the task files of closed-ended benchmarks say, against protocol.md and contracts.md, and
/// what the format says of them.
struct ClosedEndedTaskTests {
    /// Task, default split, metrics.
    @Test(
        arguments: [
            (
                "hatefulmemes", "test_seen",
                ["roc_auc", "roc_auc_hard", "accuracy", "kl_mean", "entropy_mean"]
            ),
            ("scienceqa", "test", ["accuracy", "kl_mean", "entropy_mean"]),
            ("rendered_sst2", "test", ["accuracy", "kl_mean", "entropy_mean"]),
            ("imagenet", "val", ["accuracy", "accuracy_top5", "kl_mean", "entropy_mean"]),
        ]
    )
    func metricsAreThoseOfTheContract(name: String, split: String, metrics: [String]) throws {
        let task = try shippedTask(name)
        #expect(task.kind == .classification)
        #expect(task.defaultSplit == split)
        #expect(task.metrics.map(\.name) == metrics)
        for format in task.protocols.flatMap(\.formats.values) {
            #expect(format.response.candidates != nil)
            #expect(format.shotAnswer == .first)
        }
        let m4 = try task.promptFormat(protocol: "m4", variant: "base")
        #expect(m4.zeroShot == .none)
        #expect(m4.response.candidates?.likelihood == .sum)
        #expect(m4.response.candidates?.encoding == .joined)
    }

    @Test(arguments: ["hatefulmemes", "imagenet"])
    func openFlamingoScoresLabelsApart(name: String) throws {
        let format = try shippedTask(name).promptFormat(protocol: "openflamingo", variant: "base")
        #expect(format.zeroShot == .pairPerQuery)
        #expect(format.response.candidates?.likelihood == .mean)
        #expect(format.response.candidates?.encoding == .apart)
        #expect(format.response.candidates?.template.source == "{answer}")
        #expect(format.shot.source.hasSuffix("{answer}<|endofchunk|>"))
    }

    @Test(arguments: ["scienceqa", "rendered_sst2"])
    func protocolsThatDoNotExistAreNamed(name: String) throws {
        let error = #expect(throws: TasksError.self) {
            try shippedTask(name).promptFormat(protocol: "openflamingo", variant: "base")
        }
        #expect(error?.description.contains("it has: m4") == true)
    }

    @Test func namesOfClassesAreOpenAIs() throws {
        let labels = try shippedTask("imagenet").labels
        #expect(labels.count == 1000)
        #expect(labels.map(\.label) == labels.map(\.label).sorted())
        #expect(Set(labels.map(\.name)).count == 998)
        for (index, name) in [
            (0, "tench"), (657, "missile"), (744, "missile"), (836, "sunglasses"),
            (837, "sunglasses"), (999, "toilet paper"),
        ] { #expect(labels[index].name == name) }
        let counts = try shippedTask("imagenet").split("val").supportPerClass
        #expect(counts?.random == 1 && counts?.rices == 5)
    }

    /// Task, what replaces what, words of the message.
    @Test(arguments: [
        ("hatefulmemes", "positive: \"1\"", "positive: \"2\"", "unknown label \"2\""),
        ("hatefulmemes", "format: csv", "format: json", "are of format csv"),
        ("hatefulmemes", "format: csv, ", "", "are of format csv"),
        ("hatefulmemes", "label: label}", "label: label, best: 5}", "not for this kind"),
        ("hatefulmemes", "[proba, score]", "[]", "names no column"),
        ("hatefulmemes", "labels: {\"0\": \"no\", \"1\": \"yes\"}\npositive: \"1\"", "", "not for"),
        ("imagenet", "best: 5", "best: 1", "expected 2 to 100"),
        ("imagenet", "best: 5", "label: x", "not for this kind"),
        ("imagenet", "{random: 1, rices: 5}", "{random: 0, rices: 5}", "got 0"),
        ("imagenet", "{random: 1, rices: 5}", "{random: 1}", "no \"rices\""),
        ("imagenet", "    support: train\n", "", "without a \"support\""),
        ("scienceqa", "split: val, fields", "split: vall, fields", "did you mean \"val\""),
        ("scienceqa", "[question, solution]", "[question, solutions]", "did you mean \"solution\""),
        ("scienceqa", "[question, solution]", "[]", "names no field"),
        (
            "scienceqa", "    parts: [train]", "    without: {split: val, fields: [question]}",
            "only"
        ),
        ("winoground", "id_type: integer}", "id_type: integer, value: x}", "not for this kind"),
        ("winoground", "support: none", "count: 1", "twice"),
        ("winoground", "    support: none\n", "", "split with a \"support\""),
        ("winoground", "    likelihood:", "    zero_shot: none\n    likelihood:", "has shots"),
        ("winoground", "        query:", "        shot: \"{answer}\"\n        query:", "has shots"),
        ("rendered_sst2", "    zero_shot: none\n", "", "no \"zero_shot\""),
        ("rendered_sst2", "  valid:\n", "  none:\n", "\"none\" is no split name"),
    ])
    func faultsAreNamed(task: String, old: String, new: String, words: String) throws {
        try expectFault(of: task, old, new, words)
    }

    @Test func aSplitWithoutShotsIsEvaluated() throws {
        let files = [
            "winoground/examples.jsonl":
                #"{"id": 0, "image_0": "a", "image_1": "b", "caption_0": "x", "caption_1": "y"}"#
        ]
        try readSplit(of: "winoground", from: files) { split, reader in
            let definition = try shippedTask("winoground").split(nil)
            #expect(definition.isEvaluated)
            #expect(split.support == nil)
            let error = #expect(throws: TasksError.self) {
                try reader.support(for: split, size: nil, seed: 42)
            }
            #expect(error?.kind == .request)
            #expect(error?.description == "winoground test has no shots")
        }
    }

    /// What the format got later stands in a digest only where a task file uses it.
    @Test func everyKeyMovesTheDigest() throws {
        for (task, old, new) in [
            ("imagenet", "random: 1", "random: 2"), ("imagenet", "rices: 5", "rices: 6"),
            ("imagenet", "best: 5", "best: 4"), ("imagenet", ": tench", ": a tench"),
            (
                "scienceqa", "{split: test, fields: [question, solution]}",
                "{split: test, fields: [question]}"
            ),
            ("hatefulmemes", "[proba, score]", "[score, proba]"),
            ("hatefulmemes", "label: label", "label: labels"),
            ("hatefulmemes", "positive: \"1\"", "positive: \"0\""),
        ] {
            let changed = try definition(shippedTask(task, changing: old, to: new))
            #expect(try changed.digest != shippedTask(task).digest, "\(old)")
        }
    }

    /// Task, samples of the demo pack, size of its support set.
    @Test(
        arguments: [
            ("hatefulmemes", 160, 240, 2), ("scienceqa", 120, 90, 5),
            ("rendered_sst2", 120, 200, 2), ("imagenet", 144, 24, 24),
        ]
    )
    func theDemoIsRead(name: String, count: Int, supportSize: Int, labelCount: Int) throws {
        let root = repositoryRoot.appendingPathComponent("demo/data").path
        let reader = DatasetReader(task: try shippedTask(name), root: root)
        let split = try reader.split(nil, seed: 42)
        #expect(split.count == count)
        #expect(split.hasLabels && split.isSubset)
        #expect(split.labels.count == labelCount)
        let pool = try reader.support(for: split, size: nil, seed: 42)
        #expect(pool.set.items.count == supportSize)
        let shots = pool.set.items.indices.map { pool.sample($0) }
        for sample in (0..<count).map({ split.samples.sample(at: $0) }) + shots {
            guard case .label(let name) = sample.target else {
                Issue.record("\(sample.id) has no label")
                continue
            }
            #expect(split.candidates.contains(name))
            #expect(FileManager.default.fileExists(atPath: sample.images[0].path))
        }
    }
}
