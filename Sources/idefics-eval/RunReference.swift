import ArgumentParser
import Comparison
import EvalCore
import Foundation
import Reporting
import RunStore
import Scoring

/// Which runs a word on the command line means.
///
/// `ID` or the beginning of one, `latest`, `latest:TASK@SHOTS`, `baseline:NAME[:TASK@SHOTS]` or
/// `baseline:NAME:ID`, and `FILE.sqlite#…` for a run of another store.
struct RunReference {
    private let store: String
    private let name: String
    /// True if the word stands for a run of the command's own store.
    let isOfStore: Bool

    init(_ text: String, store: String) {
        if let mark = text.range(of: ".sqlite#") {
            self.store = text[..<mark.lowerBound] + ".sqlite"
            name = String(text[mark.upperBound...])
        } else {
            (self.store, name) = (store, text)
        }
        isOfStore = self.store == store && !name.hasPrefix("baseline:")
    }

    /// The run that is meant.
    /// - Throws: `RunStoreError`, `ComparisonError`; `CommandError` if there is none, or several.
    func run() throws -> ComparedRun {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.first {
        case "baseline" where parts.count == 2 || parts.count == 3:
            let runs = try Self.baseline(parts[1], store: store).runs
            let scope = parts.dropFirst(2).first
            return try only(runs.filter { $0.run == scope || Self.matches($0.recipe, scope) })
        default:
            let reader = try RunStoreReader(path: store)
            return try Self.load(try Self.summary(of: name, reader), reader)
        }
    }

    /// The stored run that a word without `baseline:` and `FILE.sqlite#` means.
    /// - Throws: `RunStoreError`; `CommandError` if there is none.
    static func summary(of name: String, _ reader: RunStoreReader) throws -> RunSummary {
        guard let mark = name.range(of: "latest:"), mark.lowerBound == name.startIndex else {
            guard !name.hasSuffix(".json") else {
                throw CommandError.usage("\(name): a baseline's run is named baseline:\(name)")
            }
            return try reader.summary(of: name)
        }
        let scope = String(name[mark.upperBound...])
        let match = try reader.runs().last {
            $0.status == .done && matches($0.plan.recipe, scope)
        }
        guard let match else {
            throw CommandError.usage("\(name): no finished run of it; `runs` lists those there are")
        }
        return match
    }

    private func only(_ runs: [ComparedRun]) throws -> ComparedRun {
        guard let run = runs.first else { throw CommandError.usage("\(name): no such run in it") }
        guard runs.count == 1 else {
            let base = name.split(separator: ":").prefix(2).joined(separator: ":")
            let choices = Set(runs.map { "\($0.recipe.task)@\($0.recipe.shots)" })
            // Runs of one task and shots are told apart by their ids.
            let words = choices.count > 1 ? Array(choices).sorted() : runs.map(\.run)
            throw CommandError.usage(
                "\(name): \(runs.count) runs; name one: "
                    + words.prefix(10).map { "\(base):\($0)" }.joined(separator: " ")
                    + (words.count > 10 ? " …" : "")
            )
        }
        return run
    }

    /// `TASK@SHOTS` or `TASK`.
    private static func matches(_ recipe: RunRecipe, _ text: String?) -> Bool {
        guard let text else { return true }
        let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
        return recipe.task == parts.first
            && (parts.count == 1 || String(recipe.shots) == parts[1])
    }

    // MARK: Loading

    /// A baseline: a file if the name is one, else the store's, else the exported file of that name.
    static func baseline(_ name: String, store: String) throws -> Baseline {
        guard !name.hasSuffix(".json"), !name.contains("/") else {
            guard exists(name) else {
                throw CommandError(
                    .invalidData,
                    "\(name): no such file; `gate --save NAME` exports a baseline"
                )
            }
            return try BaselineFile.read(name)
        }
        if let stored = try stored(name, store: store) { return stored }
        let exported = BaselineFile.path(of: name)
        guard !exists(exported) else { return try BaselineFile.read(exported) }
        let hint = exists(name) ? "; the name of a file ends in .json or holds a /" : ""
        throw CommandError.usage(
            "no baseline \"\(name)\": neither in \(store) nor as \(exported)\(hint); "
                + "`gate --save NAME` makes one"
        )
    }

    private static func stored(_ name: String, store: String) throws -> Baseline? {
        guard exists(store) else { return nil }
        let reader = try RunStoreReader(path: store)
        let runs = try reader.runs(ofBaseline: name)
        guard !runs.isEmpty else { return nil }
        return Baseline(
            name: name,
            runs: try runs.map { try load(try reader.summary(of: $0), reader) }
        )
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// A run with what comparisons need of its samples.
    static func load(_ summary: RunSummary, _ reader: RunStoreReader) throws -> ComparedRun {
        guard summary.status == .done else {
            throw CommandError.usage(
                "run \(summary.run) is \(summary.status.rawValue): finish it with the same command"
            )
        }
        return try ComparedRun(
            summary,
            weightsSHA256: try reader.contentDigest(
                ofWeights: summary.plan.recipe.engine.weightsDigest
            ),
            reader: reader
        )
    }
}

/// Practical thresholds: `--threshold vqa_accuracy=1`, in points.
struct ThresholdOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Differences of a metric up to so many points do not matter; may be repeated. "
                + "(default: 0.5, cider 1)",
            valueName: "metric=points"
        )
    )
    var threshold: [String] = []

    /// - Throws: `CommandError` for what is no threshold.
    func margins() throws -> Margins {
        var stated: [String: Double] = [:]
        for text in threshold {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, parts[1].utf8.allSatisfy({ "0123456789.".utf8.contains($0) }),
                let points = Double(parts[1]), points >= 0, points.isFinite
            else {
                throw CommandError.usage(
                    "--threshold \(text): expected metric=points, such as vqa_accuracy=1"
                )
            }
            let metric = try Self.metric(parts[0], of: text)
            guard stated[metric] == nil else {
                throw CommandError.usage("--threshold \(text): \(metric) has one already")
            }
            stated[metric] = points / MetricDisplay(metric: metric).scale
        }
        return Margins(stated)
    }

    private static func metric(_ name: String, of text: String) throws -> String {
        do {
            return try Metric.named(name).name
        } catch {
            throw CommandError.usage("--threshold \(text): \(error)")
        }
    }
}
