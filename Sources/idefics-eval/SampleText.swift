import EvalCore
import Evaluation
import Reporting

/// Samples for people.
enum SampleText {
    private static let idWidth = 14
    private static let scoreWidth = 11
    private static let answerWidth = 24
    private static let shownCandidates = 8

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
        facts.add(["id", record.id])
        facts.add(["shots", RunText.shots(of: record)])
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
        } else if record.candidateLogprobs.isEmpty {
            facts.add(["output", record.output.map { "\"\($0)\"" } ?? "–"])
            facts.add(["finish", record.finish?.rawValue ?? "–"])
        }
        if let answer = record.answer { facts.add(["answer", "\"\(answer)\""]) }
        for score in record.scores {
            facts.add([score.metric, MetricDisplay(metric: score.metric).text(score.value)])
        }
        for (category, value) in record.categories.sorted(by: { $0.key < $1.key }) {
            facts.add([category, value])
        }
        if case .made(let query, _) = prompt {
            let references = query.sample.target.texts(candidates: query.candidates)
            facts.add(["references", references.joined(separator: " · ")])
            if !record.candidateLogprobs.isEmpty {
                facts.add(["candidates", candidates(record, query)])
            }
        }
        return facts.text + "\n" + text(prompt)
    }

    /// The likeliest candidates with their scores; of several pictures, which one it is scored with.
    private static func candidates(_ record: SampleRecord, _ query: Query) -> String {
        let count = max(1, query.candidates.count)
        let scored = record.candidateLogprobs.enumerated().sorted { $0.element > $1.element }
        let shown = scored.prefix(shownCandidates).map { index, score in
            let picture = query.prompts.count > 1 ? " (picture \(index / count))" : ""
            return "\"\(query.candidates[index % count])\"\(picture) "
                + MetricDisplay.logprob.text(score)
        }
        let rest = scored.count > shown.count ? ", … \(scored.count) in all" : ""
        return shown.joined(separator: ", ") + rest
    }

    private static func text(_ prompt: SamplePrompt) -> String {
        switch prompt {
        case .unavailable(let reason):
            return "prompt not shown: \(TerminalText.escaped(reason))\n"
        case .made(let query, let matches):
            let warning =
                matches ? "" : "warning: the data have changed, the stored shots were others\n"
            return warning + PromptText.prompt(query.prompt) + "\n"
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
