import Comparison
import EvalCore
import Statistics
import StrictJSON

/// Comparisons for programs; docs/formats.md has the keys.
enum ComparisonJSON {
    static func comparison(_ comparison: RunComparison) -> JSONValue {
        [
            "a": run(comparison.first), "b": run(comparison.second),
            "changed": differences(comparison), "pairs": .integer(comparison.pairCount),
            "unmatched_a": .integer(comparison.unmatchedInFirst),
            "unmatched_b": .integer(comparison.unmatchedInSecond),
            "prompts_differ": .integer(comparison.changedPromptCount),
            "outputs_differ": .integer(comparison.changedOutputCount),
            "metrics": .array(comparison.metrics.map(metric)),
            "flips_by": comparison.flipMetric.map { .string($0) } ?? .null,
            "flips": .array(comparison.flips.map(flip)),
            "categories": .array(comparison.categories.map(category)),
            "verdict": .string(comparison.verdict.rawValue), "reason": .string(comparison.reason),
        ]
    }

    static func run(_ run: ComparedRun) -> JSONValue {
        [
            "run": .string(run.run), "task": .string(run.recipe.task),
            "split": .string(run.recipe.split), "shots": .integer(run.recipe.shots),
            "model": .string(run.recipe.engine.model),
        ]
    }

    static func differences(_ comparison: RunComparison) -> JSONValue {
        .array(
            comparison.differences.map {
                ["name": .string($0.name), "a": .string($0.first), "b": .string($0.second)]
            }
        )
    }

    static func metric(_ metric: PairedMetric) -> JSONValue {
        [
            "metric": .string(metric.metric), "a": number(metric.first),
            "b": number(metric.second), "difference": number(metric.estimate?.difference),
            "ci": interval(metric.estimate?.interval),
            "ci90": interval(metric.estimate?.equivalenceInterval),
            "p": number(metric.estimate?.probability), "n": .integer(metric.estimate?.count ?? 0),
            "method": metric.estimate.map { .string($0.method) } ?? .null,
            "threshold": .number(metric.margin), "verdict": .string(metric.verdict.rawValue),
            "reason": .string(metric.reason),
        ]
    }

    private static func flip(_ flip: SampleFlip) -> JSONValue {
        [
            "id": .string(flip.first.id), "difference": .number(flip.difference),
            "answer_a": flip.first.answer.map { .string($0) } ?? .null,
            "answer_b": flip.second.answer.map { .string($0) } ?? .null,
        ]
    }

    private static func category(_ category: CategoryDifference) -> JSONValue {
        [
            "category": .string(category.category), "value": .string(category.value),
            "difference": .number(category.difference), "n": .integer(category.count),
            "p_adjusted": .number(category.adjustedProbability),
        ]
    }

    static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

    private static func interval(_ interval: ClosedRange<Double>?) -> JSONValue {
        interval.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
    }
}
