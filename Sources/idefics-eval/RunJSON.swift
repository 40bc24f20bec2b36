import EvalCore
import Evaluation
import Foundation
import StrictJSON

/// Runs, samples and scores as JSON objects (contracts.md sections 3 and 5).
enum RunJSON {
    /// A run, as `run --json` prints it.
    static func run(_ summary: RunSummary, store: String) -> JSONObject {
        let recipe = summary.plan.recipe
        var object = JSONObject([
            ("run", .string(summary.run)), ("task", .string(recipe.task)),
            ("split", .string(recipe.split)), ("shots", .integer(recipe.shots)),
            ("selection", .string(recipe.selection)), ("seed", seed(recipe.seed)),
            ("protocol", .string(recipe.promptProtocol)), ("variant", .string(recipe.variant)),
            ("precision", .string(recipe.engine.precision)),
            ("status", .string(summary.status.rawValue)),
            (
                "counts",
                [
                    "samples": .integer(summary.plan.sampleCount),
                    "done": .integer(summary.finishedCount),
                    "errors": .integer(summary.errorCount),
                ]
            ),
            ("comparable", .boolean(summary.isComparable)),
            ("subset", .boolean(summary.plan.isSubset)),
            ("metrics", metrics(summary.metrics)),
        ])
        object["submission"] = summary.submissionPath.map { .string($0) }
        object["store"] = .string(store)
        return object
    }

    /// A run, as `runs --json` prints it.
    static func listed(_ summary: RunSummary, store: String) -> JSONObject {
        var object = run(summary, store: store)
        object["started"] = .string(time(summary.started))
        object["finished"] = JSONValue(summary.finished.map(time))
        object["attempts"] = .integer(summary.attemptCount)
        object["generated"] = .integer(summary.generatedCount)
        return object
    }

    /// A sample, as `samples --json` prints it.
    static func sample(_ record: SampleRecord) -> JSONObject {
        var object = JSONObject([
            ("id", .string(record.id)),
            ("shots", .array(record.shotIDs.map { .string($0) })),
        ])
        if record.shotsAreTextOnly { object["text_only"] = true }
        object["similarities"] = record.similarities.map { .array($0.map { .number($0) }) }
        object["prompt_sha256"] = JSONValue(record.promptSHA256)
        object["prompt_tokens"] = JSONValue(record.promptTokenCount)
        object["output"] = JSONValue(record.output)
        object["answer"] = JSONValue(record.answer)
        if !record.candidateLogprobs.isEmpty {
            object["candidate_logprobs"] = .array(record.candidateLogprobs.map(number))
        }
        object["scores"] = .object(
            JSONObject(record.scores.map { ($0.metric, .number($0.value)) })
        )
        object["error"] = record.failure.map {
            ["code": .string($0.code), "message": .string($0.message)]
        }
        return object
    }

    /// The scores of a prediction file.
    static func score(_ score: ScoreFile) -> JSONObject {
        var object = JSONObject([
            ("task", .string(score.task)), ("split", .string(score.split)),
            ("n", .integer(score.count)), ("metrics", metrics(score.metrics)),
            ("breakdown", breakdown(score.metrics.first?.breakdown ?? [:])),
        ])
        object["terms"] = score.terms.map(BiasTermsText.json)
        if score.missingCount > 0 { object["missing"] = .integer(score.missingCount) }
        return object
    }

    /// The prompt of one query.
    static func prompt(_ preview: PromptPreview) -> JSONObject {
        let query = preview.query
        var object = JSONObject([
            ("task", .string(preview.task)), ("split", .string(preview.split)),
            ("id", .string(query.sample.id)), ("index", .integer(query.ordinal)),
            ("shots", .array(query.shots.map { .string($0.sample.id) })),
        ])
        if query.shotsAreTextOnly { object["text_only"] = true }
        object["segments"] = segments(query.prompt.segments)
        object["text"] = .string(query.prompt.text)
        object["stop"] = .array(preview.stop.map { .string($0) })
        if !query.prompt.candidates.isEmpty {
            object["candidates"] = .array(query.prompt.candidates.map(segments))
        }
        object["tokens"] = preview.tokens.map { .array($0.map { .integer(Int($0)) }) }
        return object
    }

    /// The parts of a prompt, in order.
    static func segments(_ segments: [Segment]) -> JSONValue {
        .array(
            segments.map { segment in
                switch segment {
                case .markup(let text): ["markup": .string(text)]
                case .text(let text): ["text": .string(text)]
                case .image(let image): ["image": .string(image.path)]
                }
            }
        )
    }

    private static func metrics(_ values: [MetricValue]) -> JSONValue {
        .object(
            JSONObject(
                values.map { ($0.metric, .object(metric($0))) }
            )
        )
    }

    /// An aggregate with its interval and how that was made.
    static func metric(_ value: MetricValue) -> JSONObject {
        var object = JSONObject([
            ("value", JSONValue(value.value)),
            ("ci", interval(value.interval)),
            ("n", .integer(value.count)),
        ])
        object["method"] = value.intervalMethod.map { .string($0) }
        object["reason"] = value.reason.map { .string($0) }
        return object
    }

    private static func interval(_ interval: ClosedRange<Double>?) -> JSONValue {
        interval.map { [.number($0.lowerBound), .number($0.upperBound)] } ?? .null
    }

    private static func breakdown(_ values: [String: [String: CategoryValue]]) -> JSONValue {
        .object(
            JSONObject(
                values.sorted { $0.key < $1.key }.map { category, values in
                    let members = values.sorted { $0.key < $1.key }.map { name, value in
                        let object: JSONValue = [
                            "value": .number(value.value), "n": .integer(value.count),
                        ]
                        return (name, object)
                    }
                    return (category, .object(JSONObject(members)))
                }
            )
        )
    }

    /// A number; −∞ is null.
    private static func number(_ value: Double) -> JSONValue {
        value.isFinite ? .number(value) : .null
    }

    /// A time in UTC, to the second.
    private static func time(_ date: Date) -> String { date.formatted(.iso8601) }

    /// A seed may be beyond a signed number.
    private static func seed(_ seed: UInt64) -> JSONValue {
        Int(exactly: seed).map { .integer($0) } ?? .bigInteger(String(seed))
    }
}
