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
    case made(PromptPreview, matches: Bool)
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
            var request = RunRequest(task: task, dataRoot: root.path, shots: recipe.shots)
            request.split = recipe.split
            request.seed = recipe.seed
            request.selection = recipe.selection == "none" ? .none : .random
            request.supportSize = recipe.supportSize > 0 ? recipe.supportSize : nil
            request.promptProtocol = recipe.promptProtocol
            request.variant = recipe.variant
            guard
                let preview = try PromptPreview(
                    ofSample: record.id,
                    in: request,
                    hasEndOfChunk: recipe.engine.hasEndOfChunk,
                    droppedShots: record.droppedShotCount
                )
            else { return .unavailable("\(root.path) has no sample \(record.id)") }
            let shots = preview.query.shots.map(\.sample.id)
            return .made(preview, matches: shots == record.shotIDs)
        } catch let error where ExitStatus(for: error) != .bug {
            return .unavailable("\(error)")
        }
    }
}

/// Samples for people.
enum SampleText {
    private static let idWidth = 14
    private static let scoreWidth = 11
    private static let answerWidth = 24

    /// The head of a list.
    static func head(_ metric: String?) -> String {
        row("id", metric.map { MetricDisplay(metric: $0).title } ?? "", "answer", "output")
    }

    /// One sample of a list.
    static func line(_ record: SampleRecord, _ metric: String?) -> String {
        if let failure = record.failure {
            return row(record.id, "failed", failure.code, failure.message)
        }
        let score = record.scores.first { $0.metric == metric }.map {
            MetricDisplay(metric: $0.metric).text($0.value)
        }
        return row(record.id, score ?? "", record.answer ?? "", record.output ?? "")
    }

    /// Everything about one sample.
    static func whole(_ record: SampleRecord, _ prompt: SamplePrompt) -> String {
        var facts = AlignedTable([("", .left), ("", .left)])
        let kind = record.shotsAreTextOnly ? " (as text only)" : ""
        facts.add(["id", record.id])
        facts.add(["shots", record.shotIDs.joined(separator: ", ") + kind])
        if record.excludedCount > 0 {
            facts.add(["excluded", "\(record.excludedCount) support samples show its picture"])
        }
        if record.droppedShotCount > 0 {
            facts.add(["dropped", "\(record.droppedShotCount) shots, prompt over the limit"])
        }
        facts.add(["tokens", record.promptTokenCount.map(String.init) ?? "–"])
        facts.add(["sha256", record.promptSHA256 ?? "–"])
        if let failure = record.failure {
            facts.add(["error", "\(failure.code): \(failure.message)"])
        } else {
            facts.add(["output", record.output.map { "\"\($0)\"" } ?? "–"])
            facts.add(["finish", record.finish?.rawValue ?? "–"])
            facts.add(["answer", record.answer.map { "\"\($0)\"" } ?? "–"])
        }
        for score in record.scores {
            facts.add([score.metric, MetricDisplay(metric: score.metric).text(score.value)])
        }
        for (category, value) in record.categories.sorted(by: { $0.key < $1.key }) {
            facts.add([category, value])
        }
        if case .made(let preview, _) = prompt {
            facts.add(["references", references(preview.query.sample.target)])
        }
        return facts.text + "\n" + text(prompt)
    }

    /// The ground truth in one line; equal answers are counted.
    private static func references(_ target: Target) -> String {
        switch target {
        case .answers(let answers):
            var counts: [(text: String, count: Int)] = []
            for answer in answers.map(\.answer) {
                if let index = counts.firstIndex(where: { $0.text == answer }) {
                    counts[index].count += 1
                } else {
                    counts.append((answer, 1))
                }
            }
            return counts.map { "\"\($0.text)\" ×\($0.count)" }.joined(separator: ", ")
        case .captions(let captions): return captions.map { "\"\($0)\"" }.joined(separator: ", ")
        case .label(let label): return label
        case .relevance(let values, _): return values.map(\.description).joined(separator: ", ")
        case .unlabelled: return "not public"
        }
    }

    private static func text(_ prompt: SamplePrompt) -> String {
        switch prompt {
        case .unavailable(let reason):
            return "prompt not shown: \(TerminalText.escaped(reason))\n"
        case .made(let preview, let matches):
            let warning =
                matches ? "" : "warning: the data have changed, the stored shots were others\n"
            return warning + PromptText.prompt(preview.query.prompt) + "\n"
        }
    }

    private static func row(
        _ id: String,
        _ score: String,
        _ answer: String,
        _ output: String
    ) -> String {
        let cells = [pad(id, idWidth), left(score, scoreWidth), pad(answer, answerWidth)]
        let rest = TerminalText.shortened(TerminalText.escaped(output), to: 48)
        return (cells + [rest]).joined(separator: "  ")
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        let cell = TerminalText.shortened(TerminalText.escaped(text), to: width)
        return cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
    }

    private static func left(_ text: String, _ width: Int) -> String {
        let cell = TerminalText.shortened(TerminalText.escaped(text), to: width)
        return String(repeating: " ", count: width - cell.unicodeScalars.count) + cell
    }
}
