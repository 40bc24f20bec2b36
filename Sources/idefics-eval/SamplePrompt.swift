import EvalCore
import Evaluation
import InputFiles
import Reporting
import StrictJSON
import Tasks

/// The prompt of a stored sample, made again from task file and data.
///
/// Stores keep ids and digests, not prompts; the prompt is a function of these.
enum SamplePrompt {
    /// The prompt, and whether its shots are those that are stored.
    case made(Query, matches: Bool)
    /// Why it cannot be made.
    case unavailable(String)

    /// Makes the prompt of a sample.
    /// - Throws: `CommandError` for a `--data` that is no folder.
    static func make(
        _ record: SampleRecord,
        of run: RunSummary,
        data: DataOptions,
        tasks: TaskOptions
    ) throws -> SamplePrompt {
        let recipe = run.plan.recipe
        let home = try Home.find()
        guard recipe.selection != "fixed" else {
            return .unavailable("the list of a fixed selection is not stored")
        }
        let root = try data.root(home)
        do {
            let task = try tasks.catalog(home).task(recipe.task)
            guard task.digest == recipe.taskDigest else {
                return .unavailable("\(task.file) is not the task file of the run")
            }
            let request = RunRequest(recipe, task: task, dataRoot: root.path)
            let queries = try StoredQueries(of: run, request)
            try queries.prepare([record.id])
            guard let query = try queries.query(of: record) else {
                return .unavailable("\(root.path) has no sample \(record.id), or not its shots")
            }
            return .made(query, matches: query.shots.map(\.sample.id) == record.shotIDs)
        } catch let error where ExitStatus(for: error) != .bug {
            return .unavailable("\(error)")
        }
    }
}
