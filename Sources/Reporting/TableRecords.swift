internal import EvalCore
internal import Statistics

/// A result table as data: one record per cell, values in the metric's own unit.
///
/// Where runs of several seeds were joined, a record of each mean follows, whose seed is missing,
/// and every record has two fields more: `seeds`, such as `1 2 3`, and `seed_sd`.
public struct TableRecords: Sendable {
    private let records: FieldRecords

    /// Prepares a rendering.
    /// - Parameters:
    ///   - table: the table.
    ///   - groups: runs that differ in their seed.
    public init(_ table: ResultTable, seeds groups: [SeedGroup] = []) {
        let cells = table.cells.map { cell in
            Self.fields(of: cell) + (groups.isEmpty ? [] : Self.seedFields(nil))
        }
        let means = groups.map { group in
            Self.fields(of: group) + Self.publishedFields(nil) + Self.seedFields(group)
        }
        records = FieldRecords(cells + means)
    }

    /// Comma-separated values after RFC 4180, with a head line where there is a record; lossless,
    /// so cells are not protected against spreadsheets that execute them.
    public var csv: String { records.csv }

    /// A JSON array of objects, one line each; what is missing is null.
    public var json: String { records.json }

    private static func fields(
        of cell: ResultTable.Cell
    ) -> [(name: String, value: FieldValue)] {
        fields(of: cell.run) + publishedFields(cell.published)
    }

    private static func publishedFields(
        _ match: PublishedMatch?
    ) -> [(name: String, value: FieldValue)] {
        [
            ("published_model", .text(match?.result.model)),
            ("published_metric", .text(match?.result.metric)),
            ("published_value", .number(match?.result.value)),
            ("published_difference", .number(match?.difference)),
        ]
    }

    private static func seedFields(
        _ group: SeedGroup?
    ) -> [(name: String, value: FieldValue)] {
        [
            ("seeds", .text(group.map { $0.seeds.map(String.init).joined(separator: " ") })),
            ("seed_sd", .number(group?.estimate.spread)),
        ]
    }

    /// The fields of a mean over seeds: those of its runs, where these agree.
    private static func fields(of group: SeedGroup) -> [(name: String, value: FieldValue)] {
        fields(of: group.first).map { name, value in
            switch name {
            case "seed", "run": (name, .text(nil))
            case "value": (name, .number(group.estimate.mean))
            case "low": (name, .number(group.estimate.interval?.lowerBound))
            case "high": (name, .number(group.estimate.interval?.upperBound))
            case "errors": (name, .integer(group.runs.reduce(0) { $0 + $1.errorCount }))
            case "comparable": (name, .flag(group.isComparable))
            default: (name, value)
            }
        }
    }

    private static func fields(of run: RunSummary) -> [(name: String, value: FieldValue)] {
        let recipe = run.plan.recipe
        let headline = run.metrics.first
        return [
            ("model", .text(recipe.engine.model)), ("shots", .integer(recipe.shots)),
            ("selection", .text(recipe.selection)), ("encoder", .text(recipe.selectionEncoder)),
            ("support", .integer(run.plan.supportCount)), ("seed", .unsigned(recipe.seed)),
            ("protocol", .text(recipe.promptProtocol)), ("variant", .text(recipe.variant)),
            ("precision", .text(recipe.engine.precision)), ("task", .text(recipe.task)),
            ("split", .text(recipe.split)), ("metric", .text(headline?.metric)),
            ("version", .integer(headline?.version)), ("value", .number(headline?.value)),
            ("low", .number(headline?.interval?.lowerBound)),
            ("high", .number(headline?.interval?.upperBound)),
            ("n", .integer(headline?.count ?? run.finishedCount - run.errorCount)),
            ("errors", .integer(run.errorCount)), ("comparable", .flag(run.isComparable)),
            ("subset", .flag(run.plan.isSubset)), ("demo", .flag(run.plan.isDemo)),
            ("run", .text(run.run)),
        ]
    }
}
