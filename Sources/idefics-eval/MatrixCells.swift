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
    private let members: [(task: TaskDefinition, shots: [Int])]
    private let protocols: [String]
    private let variants: [String]
    private let selections: [RunRequest.Selection]
    private let seeds: [UInt64]
    /// What all of them share.
    private let split: String?
    private let limit: Int?
    private let supportSize: Int?
    private let overlong: OverlongPolicy

    /// - Throws: `TasksError` and `CommandError` for names that do not exist, with their place.
    init(
        _ model: RunMatrix.Model,
        _ grid: RunMatrix.Grid,
        _ defaults: MatrixDefaults,
        _ catalog: TaskCatalog
    ) throws {
        let prompt = defaults.prompt
        let shots = grid.shots ?? defaults.shots.values.map { Int($0) }
        members = try Self.members(grid, defaults, catalog).map { task, own in
            (task, shots.filter { own?.contains($0) ?? true })
        }
        seeds = grid.seeds ?? defaults.seed.values
        selections = try grid.selections?.map { try $0.selection } ?? [prompt.selection.request]
        protocols = grid.protocols?.map(\.text) ?? [prompt.promptProtocol]
        variants = (model.variants ?? grid.variants)?.map(\.text) ?? [prompt.variant]
        overlong = try grid.overlong?.value(OverlongPolicy.self, "policy") ?? defaults.overlong
        split = grid.split?.text ?? prompt.split
        limit = grid.limit ?? defaults.limit
        supportSize = grid.supportSize ?? prompt.supportSize
    }

    /// Number of runs, known before any is made: a few lines can ask for millions.
    var count: Int {
        members.reduce(0) { $0 + $1.shots.count }
            * protocols.count * variants.count * selections.count * seeds.count
    }

    /// The runs.
    var all: [MatrixCell] {
        members.flatMap { task, shots in
            protocols.flatMap { promptProtocol in
                variants.flatMap { variant in
                    selections.flatMap { selection in
                        shots.flatMap { shots in
                            seeds.map { cell(task, promptProtocol, variant, selection, shots, $0) }
                        }
                    }
                }
            }
        }
    }

    private func cell(
        _ task: TaskDefinition,
        _ promptProtocol: String,
        _ variant: String,
        _ selection: RunRequest.Selection,
        _ shots: Int,
        _ seed: UInt64
    ) -> MatrixCell {
        MatrixCell(
            task: task,
            shots: shots,
            seed: seed,
            selection: selection,
            promptProtocol: promptProtocol,
            variant: variant,
            split: split,
            limit: limit,
            supportSize: supportSize,
            overlong: overlong
        )
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
