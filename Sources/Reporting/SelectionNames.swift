internal import EvalCore

extension RunRecipe {
    /// The rule by which shots are chosen, as the model card writes it.
    var selectionTitle: String { selection == "rices" ? "RICES" : selection }
}

/// What the selections of a table's runs are called: by rule, and by encoder and size of the
/// support set where these tell runs of one place apart.
struct SelectionNames: Sendable {
    /// A place in a table, but for what is told apart here.
    private struct Place: Hashable {
        let names: [String]
        let numbers: [UInt64]

        init(_ run: RunSummary) {
            let recipe = run.plan.recipe
            names = [
                recipe.engine.model, recipe.engine.weightsDigest, recipe.engine.precision,
                recipe.task, recipe.split, recipe.selection, recipe.promptProtocol, recipe.variant,
                run.plan.isDemo ? "demo" : "",
            ]
            numbers = [UInt64(recipe.shots), recipe.seed]
        }
    }

    private let encoders: Set<String>
    private let supportSizes: [Place: Set<Int>]

    /// Prepares the names of a table.
    /// - Parameter runs: the runs that may have a place in it.
    init(_ runs: [RunSummary]) {
        encoders = Set(runs.compactMap(\.plan.recipe.selectionEncoder))
        supportSizes = Dictionary(grouping: runs, by: Place.init)
            .mapValues { Set($0.map(\.plan.recipe.supportSize)) }
    }

    /// Such as `RICES` or, if need be, `RICES by clip-vit-base-patch32, support 5000`.
    func name(_ run: RunSummary) -> String {
        let recipe = run.plan.recipe
        let encoder = encoders.count > 1 ? recipe.selectionEncoder.map { " by \($0)" } ?? "" : ""
        let isOneSize = supportSizes[Place(run), default: []].count < 2
        let support = isOneSize ? nil : run.plan.supportCount.map { ", support \($0)" }
        return recipe.selectionTitle + encoder + (support ?? "")
    }
}
