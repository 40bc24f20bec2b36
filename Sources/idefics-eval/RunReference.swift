import ArgumentParser
import Comparison
import EvalCore
import Foundation
import Reporting
import RunStore

/// Which runs a word on the command line means.
///
/// `ID` or the beginning of one, `latest`, `latest:TASK@SHOTS`, `baseline:NAME[:TASK@SHOTS]`, and
/// `FILE.sqlite#…` for a run of another store.
struct RunReference {
    private let store: String
    private let name: String
    /// Where `gate --save` exports baselines.
    static let baselineFolder = "results/baselines"

    init(_ text: String, store: String) {
        if let mark = text.range(of: ".sqlite#") {
            self.store = text[..<mark.lowerBound] + ".sqlite"
            name = String(text[mark.upperBound...])
        } else {
            (self.store, name) = (store, text)
        }
    }

    /// The run that is meant.
    /// - Throws: `RunStoreError`, `ComparisonError`; `CommandError` if there is none, or several.
    func run() throws -> ComparedRun {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.first {
        case "baseline" where parts.count == 2 || parts.count == 3:
            let runs = try Self.baseline(parts[1], store: store).runs
            return try only(runs.filter { Self.matches($0.recipe, parts.dropFirst(2).first) })
        case "latest" where parts.count == 2:
            let reader = try RunStoreReader(path: store)
            let match = try reader.runs().last {
                $0.status == .done && Self.matches($0.plan.recipe, parts[1])
            }
            guard let match else { throw CommandError.usage("\(name): no finished run of it") }
            return try Self.load(match, reader)
        default:
            let reader = try RunStoreReader(path: store)
            return try Self.load(try reader.summary(of: name), reader)
        }
    }

    private func only(_ runs: [ComparedRun]) throws -> ComparedRun {
        guard let run = runs.first else { throw CommandError.usage("\(name): no such run in it") }
        guard runs.count == 1 else {
            let choices = runs.map { "\($0.recipe.task)@\($0.recipe.shots)" }
            throw CommandError.usage(
                "\(name): \(runs.count) runs; name one as \(name):TASK@SHOTS, of "
                    + Array(Set(choices)).sorted().joined(separator: " ")
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
        let exported = "\(baselineFolder)/\(name).json"
        for path in [name, exported] where path.hasSuffix(".json") && isFile(path) {
            if path == exported, let stored = try stored(name, store: store) { return stored }
            do {
                return try Baseline(Data(contentsOf: URL(fileURLWithPath: path)), path: path)
            } catch let error as CocoaError {
                throw CommandError(.invalidData, "\(path): \(error.localizedDescription)")
            }
        }
        guard !name.hasSuffix(".json") else {
            throw CommandError(
                .invalidData,
                "\(name): no such file; `gate --save NAME` exports a baseline"
            )
        }
        if let stored = try stored(name, store: store) { return stored }
        throw CommandError.usage(
            "no baseline \"\(name)\": neither in \(store) nor as \(exported); "
                + "`gate --save \(name)` makes one"
        )
    }

    private static func stored(_ name: String, store: String) throws -> Baseline? {
        guard isFile(store) else { return nil }
        let reader = try RunStoreReader(path: store)
        let runs = try reader.runs(ofBaseline: name)
        guard !runs.isEmpty else { return nil }
        return Baseline(
            name: name,
            runs: try runs.map { try load(try reader.summary(of: $0), reader) }
        )
    }

    private static func isFile(_ path: String) -> Bool {
        let values = try? URL(fileURLWithPath: path).resourceValues(forKeys: [.isRegularFileKey])
        return values?.isRegularFile == true  // nothing there is no file
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
            guard parts.count == 2, let points = Double(parts[1]), points >= 0, points.isFinite
            else {
                throw CommandError.usage(
                    "--threshold \(text): expected metric=points, such as vqa_accuracy=1"
                )
            }
            stated[parts[0]] = points / MetricDisplay(metric: parts[0]).scale
        }
        return Margins(stated)
    }
}
