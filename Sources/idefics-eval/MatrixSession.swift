import EvalCore
import Evaluation
import Foundation
import LocalEngine
import Reporting
import RunStore
import Tasks

/// Works through the runs of a matrix: checkpoint after checkpoint, each loaded once.
struct MatrixSession {
    let runs: MatrixRuns
    let home: Home
    let store: String
    let wantsJSON: Bool
    let statistics: String?
    let profiling: ProfileOption
    let titles: [String: String]

    /// Checks every run of every checkpoint, then works through them.
    /// - Throws: the exit status unless all is done; errors of preparation, engine and store.
    func work() throws {
        let watch = SignalWatch()
        if let statistics {
            guard runs.parts.count == 1 else {
                throw CommandError.usage(
                    "--stats counts the work of one checkpoint in one precision, the matrix has "
                        + "\(runs.parts.count)"
                )
            }
            try StatisticsFile.check(statistics)
        }
        DemoNote.show(
            model: runs.parts.contains { $0.model.model == nil },
            data: runs.isDemoData
        )
        if runs.parts.count > 1 {
            for part in runs.parts { try session(part, watch).check(part.requests) }
        }
        var status = ExitStatus.done
        var summaries: [RunSummary] = []
        for part in runs.parts {
            let session = try session(part, watch)
            session.part = RunPart(
                offset: summaries.count,
                total: runs.count,
                settings: settings
            )
            do {
                try session.work(part.requests, statistics: statistics)
            } catch let ending as ExitStatus {
                status = ending
            }
            summaries += session.summaries
            if summaries.last?.status == .interrupted { break }
        }
        try showTable(of: summaries)
        guard status == .done else { throw status }
    }

    /// A session of one checkpoint; made anew for checking and for working, so that no two of
    /// them are in memory at once.
    private func session(_ part: MatrixRuns.Part, _ watch: SignalWatch) throws -> RunSession {
        let engine = try EngineSource(part.model, home: home, profile: profiling.stages)
        for request in part.requests {
            try request.checkStopTokens(engine.encoder, model: engine.provenance.model)
        }
        let encoder = EncoderSource(
            part.prompt,
            model: part.model,
            isDemo: engine.isDemo,
            home: home,
            store: store
        )
        return try RunSession(
            engine,
            encoder,
            watch: watch,
            store: store,
            attempt: Host.attempt(threads: engine.threads, home: home),
            wantsJSON: wantsJSON
        )
    }

    /// Names the settings of which the matrix has several.
    private func settings(_ recipe: RunRecipe) -> [String] {
        let requests = runs.parts.flatMap(\.requests)
        func several<Value: Hashable>(_ value: (RunRequest) -> Value) -> Bool {
            Set(requests.map(value)).count > 1
        }
        return (runs.parts.count > 1 ? [recipe.engine.model, recipe.engine.precision] : [])
            + (several(\.promptProtocol) ? [recipe.promptProtocol] : [])
            + (several(\.variant) ? [recipe.variant] : [])
    }

    /// The table of the runs that are done, and mean and spread where there are several seeds.
    private func showTable(of summaries: [RunSummary]) throws {
        guard !wantsJSON else { return }
        var seen: Set<String> = []
        let distinct = summaries.filter { seen.insert($0.run).inserted }
        let reader = try RunStoreReader(path: store)
        let groups = try SeedGroup.groups(of: distinct, reader: reader)
        try reader.close()
        try Output.write("\n" + MatrixTable(distinct, groups, titles: titles).text)
        let flag = store == StoreOptions.defaultStore ? "" : " --store \(store)"
        let isWhole = distinct.allSatisfy { $0.status == .done } && summaries.count == runs.count
        let next = isWhole ? "idefics-eval table\(flag)" : "the same command goes on where it was"
        try Output.text("next: \(next)")
    }
}

extension RunCommand {
    /// Runs what a matrix file states.
    func work(matrix path: String) throws {
        let home = try Home.find()
        let catalog = try taskFolders.catalog(home)
        var runs = try MatrixRuns(
            path,
            MatrixDefaults(
                tasks: tasks,
                model: model,
                data: data,
                prompt: prompt,
                shots: shots,
                seed: seed,
                limit: limit,
                overlong: overlong,
                label: label
            ),
            arguments: CommandLine.arguments,
            catalog: catalog,
            home: home
        )
        runs.setPolicies(requiresFullSplit: fullSplit, onError: onError)
        try MatrixSession(
            runs: runs,
            home: home,
            store: store.store,
            wantsJSON: output.json,
            statistics: stats,
            profiling: profiling,
            titles: Dictionary(uniqueKeysWithValues: catalog.tasks.map { ($0.name, $0.title) })
        )
        .work()
    }
}

extension MatrixRuns {
    /// Sets what only the command line says, for every run.
    mutating func setPolicies(requiresFullSplit: Bool, onError: ErrorPolicy) {
        for part in parts.indices {
            for request in parts[part].requests.indices {
                parts[part].requests[request].requiresFullSplit = requiresFullSplit
                parts[part].requests[request].onError = onError
            }
        }
    }
}
