import EvalCore
import Evaluation
import Tasks

/// One run of a grid, short of its checkpoint.
struct MatrixCell {
    var task: TaskDefinition
    var shots: Int
    var seed: UInt64
    var selection: RunRequest.Selection
    var promptProtocol: String
    var variant: String
    var split: String?
    var limit: Int?
    var supportSize: Int?
    var overlong: OverlongPolicy

    /// Says to a request what it is.
    func fill(_ request: inout RunRequest) {
        request.seed = seed
        request.selection = selection
        request.promptProtocol = promptProtocol
        request.variant = variant
        request.split = split
        request.limit = limit
        request.supportSize = supportSize
        request.overlong = overlong
    }

    /// True if the request is this run: grids may overlap.
    func isOf(_ request: RunRequest) -> Bool {
        request.task.name == task.name && request.shots == shots && request.seed == seed
            && request.selection == selection && request.promptProtocol == promptProtocol
            && request.variant == variant && request.split == split && request.limit == limit
            && request.supportSize == supportSize && request.overlong == overlong
    }
}

/// The runs of a grid for one checkpoint: by task, protocol, variant, selection, shots and seed.
struct MatrixCells {
    let all: [MatrixCell]

    /// - Throws: `TasksError` and `CommandError` for names that do not exist, with their place.
    init(
        _ model: RunMatrix.Model,
        _ grid: RunMatrix.Grid,
        _ defaults: MatrixDefaults,
        _ catalog: TaskCatalog
    ) throws {
        let prompt = defaults.prompt
        let shots = grid.shots ?? defaults.shots.values.map { Int($0) }
        let seeds = grid.seeds ?? defaults.seed.values
        let selections = try grid.selections?.map { try $0.selection } ?? [prompt.selection.request]
        let protocols = grid.protocols?.map(\.text) ?? [prompt.promptProtocol]
        let variants = (model.variants ?? grid.variants)?.map(\.text) ?? [prompt.variant]
        let overlong =
            try grid.overlong?.value(OverlongPolicy.self, "policy") ?? defaults.overlong
        var cells: [MatrixCell] = []
        for member in try Self.members(grid, defaults, catalog) {
            for promptProtocol in protocols {
                for variant in variants {
                    for selection in selections {
                        for shots in shots where member.shots?.contains(shots) ?? true {
                            cells += seeds.map { seed in
                                MatrixCell(
                                    task: member.task,
                                    shots: shots,
                                    seed: seed,
                                    selection: selection,
                                    promptProtocol: promptProtocol,
                                    variant: variant,
                                    split: grid.split?.text ?? prompt.split,
                                    limit: grid.limit ?? defaults.limit,
                                    supportSize: grid.supportSize ?? prompt.supportSize,
                                    overlong: overlong
                                )
                            }
                        }
                    }
                }
            }
        }
        all = cells
    }

    private static func members(
        _ grid: RunMatrix.Grid,
        _ defaults: MatrixDefaults,
        _ catalog: TaskCatalog
    ) throws -> [(task: TaskDefinition, shots: [Int]?)] {
        guard let names = grid.tasks else {
            return try defaults.tasks.flatMap { try catalog.members($0) }
        }
        return try names.flatMap { name in
            do {
                return try catalog.members(name.text)
            } catch {
                throw CommandError.usage("\(name.place): \(error)")
            }
        }
    }
}

extension RunMatrix.Name {
    /// The text as the value of `--selection`; the file's reader knows that it is one.
    fileprivate var selection: RunRequest.Selection {
        get throws {
            guard let rule = ShotRule(argument: text) else {
                throw CommandError.usage("\(place): unknown selection \"\(text)\"")
            }
            return rule.request
        }
    }
}
