public import EvalCore
internal import Foundation
internal import Statistics

/// One metric over the runs of one scope: the same model name, task, split, limit, shots,
/// selection, seed, protocol and variant; precision, weights, data, task file and kernels may
/// change from run to run.
public struct RunHistory: Sendable {
    /// A run with the metric and how it stands to the run before.
    public struct Entry: Sendable, Hashable {
        /// The run.
        public var run: RunSummary
        /// The metric.
        public var value: MetricValue
        /// What changed since the run before, in words; empty for the first of a scope.
        public var changes: [String]
        /// The step from the run before; nil for the first of a scope.
        public var step: Step?
    }

    /// A difference between neighbouring runs.
    public struct Step: Sendable, Hashable {
        /// How it was judged.
        public enum Test: String, Sendable, Hashable {
            /// 95 % interval of the mean difference of samples, paired by id and clustered.
            case paired = "paired t"
            /// The difference against the two runs' intervals, as of separate samples.
            case intervals
            /// No test: another metric version, or an undefined value.
            case none
        }

        /// The later value minus the earlier one, in the metric's own unit; nil if undefined.
        public var difference: Double?
        /// Its 95 % interval; nil without a test.
        public var interval: ClosedRange<Double>?
        /// How it was judged.
        public var test: Test
        /// Samples that both runs answered.
        public var pairs: Int
        /// How many of them were answered with another output.
        public var changedOutputs: Int
        /// True if the two recipes are equal, so that no output may have changed.
        public var isSameRecipe: Bool

        /// True if the interval does not hold 0.
        public var isStep: Bool { interval.map { !$0.contains(0) } ?? false }
        /// True if an output changed although nothing that decides it did.
        public var isAlert: Bool { isSameRecipe && changedOutputs > 0 }
    }

    /// Runs of one scope, oldest first.
    public struct Scope: Sendable {
        /// The entries.
        public var entries: [Entry]
        /// What they have in common, as `RunText.title` says it, without the precision.
        public var title: String
    }

    /// A run and where its samples are.
    public struct Source {
        /// The run.
        public let run: RunSummary
        let reader: any RunReader
        let weights: String?

        /// Creates a source.
        /// - Parameters:
        ///   - run: the run.
        ///   - reader: has its samples.
        ///   - weights: digest of all bytes of its weights, by which copies of one checkpoint are
        ///     known as the same; nil if it was never taken.
        public init(_ run: RunSummary, reader: any RunReader, weights: String? = nil) {
            self.run = run
            self.reader = reader
            self.weights = weights
        }

        /// The recipe, with the weights known as those of another source where they are.
        func recipe(beside other: Source) -> RunRecipe {
            var recipe = run.plan.recipe
            if let weights, weights == other.weights {
                recipe.engine.weightsDigest = weights
            }
            return recipe
        }
    }

    /// The metric's name.
    public let metric: String
    /// The scopes, in the order of their first run.
    public let scopes: [Scope]

    /// Judges the steps of a metric.
    /// - Parameters:
    ///   - metric: its name; runs that do not have it are left out.
    ///   - sources: runs of one or more stores; those that are not done are left out.
    /// - Throws: store errors.
    public init(of metric: String, in sources: [Source]) throws {
        self.metric = metric
        let found = sources.compactMap { source in
            source.run.metrics.first { $0.metric == metric }.map { (source: source, value: $0) }
        }
        .filter { $0.source.run.status == .done }
        .sorted { $0.source.run.lastWorked < $1.source.run.lastWorked }
        scopes = try grouped(found, by: { HistoryScope($0.source.run) }).map { scope, members in
            var entries: [Entry] = []
            for (index, member) in members.enumerated() {
                var entry = Entry(run: member.source.run, value: member.value, changes: [])
                if index > 0 {
                    let before = members[index - 1]
                    entry.changes = RecipeChanges.words(from: before.source, to: member.source)
                    entry.step = try HistoryStep(
                        from: (before.source, before.value),
                        to: (member.source, member.value)
                    ).step
                }
                entries.append(entry)
            }
            return Scope(entries: entries, title: scope.title)
        }
    }
}

extension RunSummary {
    /// When the run came to its end.
    fileprivate var lastWorked: Double { (finished ?? started).timeIntervalSince1970 }
}

/// What the runs of a history have in common.
private struct HistoryScope: Hashable {
    private let names: [String?]
    private let numbers: [UInt64]
    let title: String

    init(_ run: RunSummary) {
        let recipe = run.plan.recipe
        names = [
            recipe.engine.model, recipe.task, recipe.split, recipe.selection,
            recipe.selectionEncoder, recipe.promptProtocol, recipe.variant,
            run.plan.isDemo ? "demo" : nil,
        ]
        numbers = [
            UInt64(recipe.shots), recipe.seed, UInt64(recipe.supportSize),
            UInt64(recipe.limit ?? 0),
        ]
        let shots = recipe.shots == 1 ? "1 shot" : "\(recipe.shots) shots"
        let limit = recipe.limit.map { ", first \($0)" } ?? ""
        title =
            "\(recipe.task) \(recipe.split)\(limit), \(shots) (\(recipe.selectionTitle)), "
            + "\(recipe.promptProtocol) \(recipe.variant), seed \(recipe.seed), "
            + recipe.engine.model + (run.plan.isDemo ? " (demo)" : "")
    }
}

/// What of a recipe, and of the program, is another one.
enum RecipeChanges {
    /// Words such as `precision bf16 → int8`; empty if all is the same.
    static func words(
        from before: RunHistory.Source,
        to after: RunHistory.Source
    ) -> [String] {
        let (old, new) = (before.recipe(beside: after), after.recipe(beside: before))
        var words: [String] = []
        func compare(_ name: String, _ a: String?, _ b: String?, shown: Bool = true) {
            guard a != b else { return }
            words.append(shown ? "\(name) \(a ?? "none") → \(b ?? "none")" : name)
        }
        compare("precision", old.engine.precision, new.engine.precision)
        compare("kernels", old.engine.kernelSet, new.engine.kernelSet)
        compare("weights", old.engine.weightsDigest, new.engine.weightsDigest, shown: false)
        compare("tokenizer", old.engine.tokenizerDigest, new.engine.tokenizerDigest, shown: false)
        compare("processor", old.engine.processorDigest, new.engine.processorDigest, shown: false)
        if old.taskVersion == new.taskVersion {
            compare("task file", old.taskDigest, new.taskDigest, shown: false)
        } else {
            compare("task version", String(old.taskVersion), String(new.taskVersion))
        }
        compare("data", old.dataDigest, new.dataDigest, shown: false)
        compare("support set", old.supportDigest, new.supportDigest, shown: false)
        compare("encoder", old.selectionDigest, new.selectionDigest, shown: false)
        compare("overlong", old.overlong, new.overlong)
        compare("truncated images", old.truncatedImages, new.truncatedImages)
        if old.generation != new.generation { words.append("generation settings") }
        compare(
            "tool",
            before.run.plan.attempt.toolVersion,
            after.run.plan.attempt.toolVersion
        )
        return words
    }
}
