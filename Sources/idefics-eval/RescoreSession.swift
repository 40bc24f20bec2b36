import EvalCore
import Evaluation
import Foundation
import Reporting
import RunStore
import StrictJSON
import Tasks

/// `score --run`: the present metrics on stored answers; what is stored stays.
struct RescoreSession {
    let store: String
    let data: DataOptions
    let catalog: TaskCatalog
    let home: Home
    let wantsJSON: Bool

    /// Scores a run, keeps what is new and prints both.
    /// - Parameter name: the run's id, the beginning of one, or `latest`.
    /// - Throws: errors of store, task and data; the exit status if a number of the same version
    ///   came out otherwise, or is undefined.
    func score(_ name: String) throws {
        let reader = try RunStoreReader(path: store)
        let run = try RunReference.summary(of: name, reader)
        guard run.status == .done else {
            throw CommandError.usage(
                "run \(run.run) is \(run.status.rawValue): type its command again to finish it, "
                    + "then score it"
            )
        }
        let recipe = run.plan.recipe
        let task = try catalog.task(recipe.task)
        if task.digest != recipe.taskDigest {
            Output.note(
                "note: \(task.file) is not the task file of the run; answers are scored as they "
                    + "were read out of the outputs then"
            )
        }
        let root = try data.root(home)
        DemoNote.show(model: false, data: root.isDemo)
        let request = RunRequest(recipe, task: task, dataRoot: root.path)
        let rescoring = try Rescoring(run, request, reader: reader)
        try reader.close()
        if !rescoring.newMetrics.isEmpty { try keep(rescoring, of: run.run) }
        try wantsJSON
            ? Output.line(JSONValue.object(RescoreText.json(rescoring, run, store)).text())
            : Output.write(RescoreText.text(rescoring, run, store))
        try judge(rescoring)
    }

    /// Keeps the new scores, then the new aggregates: a run with these has all of them.
    private func keep(_ rescoring: Rescoring, of run: String) throws {
        let writer = try RunStoreWriter(path: store)
        try writer.record(scores: rescoring.sampleScores, run: run)
        try writer.record(metrics: rescoring.newMetrics, run: run)
        try writer.close()
    }

    private func judge(_ rescoring: Rescoring) throws {
        let different = rescoring.changes.filter { $0.standing == .different }
        for change in different {
            Output.error(
                "\(change.present.metric) version \(change.present.version) gives other numbers "
                    + "than it did (\(change.differingSamples) samples); nothing of it was "
                    + "overwritten"
            )
        }
        guard different.isEmpty, rescoring.changes.allSatisfy({ $0.present.value != nil }) else {
            throw ExitStatus.incomplete
        }
    }
}

/// What a rescoring found, for people and programs.
enum RescoreText {
    /// A table of stored and present values.
    static func text(_ rescoring: Rescoring, _ run: RunSummary, _ store: String) -> String {
        var table = AlignedTable([
            ("", .left), ("metric", .left), ("stored", .right), ("", .left), ("now", .right),
            ("", .left), ("95 %", .right), ("difference", .right), ("n", .right), ("", .left),
        ])
        for change in rescoring.changes { table.add(cells(change)) }
        let count = rescoring.newMetrics.count
        let outcome =
            count == 0
            ? "nothing new: the store has every metric in its present version"
            : "\(count == 1 ? "1 metric" : "\(count) metrics") stored beside the earlier scores "
                + "in \(store)"
        return RunText.title(run.plan) + "\n" + table.text + "  run \(run.run): \(outcome)\n"
    }

    private static func cells(_ change: Rescoring.Change) -> [String] {
        let display = MetricDisplay(metric: change.present.metric)
        let (stored, present) = (change.stored?.value, change.present.value)
        let interval = present.flatMap { value in
            change.present.interval.map { display.text($0, around: value) }
        }
        let difference = stored.flatMap { stored in present.map { $0 - stored } }
        return [
            "", change.present.metric, stored.map(display.text) ?? "–",
            change.stored.map { "v\($0.version)" } ?? "", present.map(display.text) ?? "n/a",
            "v\(change.present.version)", interval ?? "n/a",
            difference.map { display.text(difference: $0) } ?? "", String(change.present.count),
            change.standing.rawValue,
        ]
    }

    /// The same for programs.
    static func json(
        _ rescoring: Rescoring,
        _ run: RunSummary,
        _ store: String
    ) -> JSONObject {
        JSONObject([
            ("run", .string(run.run)), ("task", .string(run.plan.recipe.task)),
            ("split", .string(run.plan.recipe.split)),
            (
                "metrics",
                .object(
                    JSONObject(
                        rescoring.changes.map { ($0.present.metric, .object(object($0))) }
                    )
                )
            ),
            ("stored", .array(rescoring.newMetrics.map { .string($0.metric) })),
            ("store", .string(store)),
        ])
    }

    private static func object(_ change: Rescoring.Change) -> JSONObject {
        var object = RunJSON.metric(change.present)
        object["version"] = .integer(change.present.version)
        object["standing"] = .string(change.standing.rawValue)
        object["before"] = change.stored.map { stored in
            ["value": JSONValue(stored.value), "version": .integer(stored.version)]
        }
        return object
    }
}
