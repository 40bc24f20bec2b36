public import EvalCore
internal import Foundation

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
        /// What changed since the run before, the program itself included.
        public var changes: [RecipeDifference]
        /// The step from the run before; nil for the first of a scope.
        public var step: HistoryStep?
    }

    /// A run and where its samples are.
    public struct Source {
        /// The run.
        public let run: RunSummary
        private let reader: any RunReader
        private let weights: String?

        /// Creates a source.
        /// - Parameters:
        ///   - run: the run.
        ///   - reader: has its samples.
        ///   - weights: SHA-256 of all bytes of its weights, where known.
        public init(_ run: RunSummary, reader: any RunReader, weights: String? = nil) {
            self.run = run
            self.reader = reader
            self.weights = weights
        }

        func compared() throws -> ComparedRun {
            try ComparedRun(run, weightsSHA256: weights, reader: reader)
        }
    }

    /// The metric's name.
    public let metric: String
    /// Runs of one scope each, oldest first; in the order of their first run, never empty.
    public let scopes: [[Entry]]

    /// Judges the steps of a metric.
    /// - Parameters:
    ///   - metric: its name; runs that do not have it are left out.
    ///   - sources: runs of one or more stores; those that are not done are left out.
    /// - Throws: store errors.
    public init(of metric: String, in sources: [Source]) throws {
        self.metric = metric
        let found = sources.filter { source in
            source.run.status == .done && source.run.metrics.contains { $0.metric == metric }
        }
        .sorted { $0.run.lastWorked < $1.run.lastWorked }
        var order: [HistoryScope] = []
        var members: [HistoryScope: [Source]] = [:]
        for source in found {
            let scope = HistoryScope(source.run)
            if members[scope] == nil { order.append(scope) }
            members[scope, default: []].append(source)
        }
        scopes = try order.map { try Self.entries(members[$0] ?? [], metric) }
    }

    /// Two runs at most are in memory with their samples.
    private static func entries(_ sources: [Source], _ metric: String) throws -> [Entry] {
        var before: (run: ComparedRun, value: MetricValue, tool: String)?
        return try sources.compactMap { source -> Entry? in
            guard let value = source.run.metrics.first(where: { $0.metric == metric }) else {
                return nil
            }
            let tool = source.run.plan.attempt.toolVersion
            var entry = Entry(run: source.run, value: value, changes: [])
            let run = sources.count > 1 ? try source.compared() : nil
            if let before, let run {
                let changes = RecipeDifference.all(before.run, run)
                entry.step = HistoryStep(
                    from: (before.run, before.value),
                    to: (run, value),
                    isSameRecipe: changes.isEmpty
                )
                let program = RecipeDifference(name: "tool", first: before.tool, second: tool)
                entry.changes = changes + (before.tool == tool ? [] : [program])
            }
            before = run.map { ($0, value, tool) }
            return entry
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
    }
}
