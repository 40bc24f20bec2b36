import EvalCore
import Evaluation
import LocalEngine
import Tasks

/// What the command line says of the runs of a matrix, for what its file leaves open.
struct MatrixDefaults {
    var tasks: [String]
    var model: ModelOptions
    var data: DataOptions
    var prompt: PromptOptions
    var shots: NumberList
    var seed: NumberList
    var limit: Int?
    var overlong = OverlongPolicy.error
    var label: String?
}

/// The runs of a matrix file, by the engine that computes them: each is loaded once.
struct MatrixRuns {
    /// The runs of one checkpoint in one precision.
    struct Part {
        /// The checkpoint.
        var model: ModelOptions
        /// The encoder, where a run compares pictures.
        var prompt: PromptOptions
        /// The runs.
        var requests: [RunRequest]
    }

    /// The parts, in the file's order of models.
    var parts: [Part] = []
    /// True if the runs read the bundled demo data.
    let isDemoData: Bool

    /// More runs than anybody waits for, and still planned in seconds.
    private static let largestCount = 4_096

    /// Number of runs.
    var count: Int { parts.reduce(0) { $0 + $1.requests.count } }

    /// Reads a matrix file and makes its runs.
    /// - Parameters:
    ///   - path: the file.
    ///   - defaults: what the command line says.
    ///   - arguments: the command line, to find flags that the file states, too.
    ///   - catalog: the tasks.
    ///   - home: where the demo is.
    /// - Throws: `TasksError` and `CommandError` for what the file says wrongly, with its place.
    init(
        _ path: String,
        _ defaults: MatrixDefaults,
        arguments: [String],
        catalog: TaskCatalog,
        home: Home
    ) throws {
        let matrix = try RunMatrix.read(path)
        try MatrixFlags.refuse(arguments, tasks: defaults.tasks, statedBy: matrix)
        var data = defaults.data
        data.data = matrix.data ?? data.data
        let root = try data.root(home)
        isDemoData = root.isDemo
        for model in matrix.models ?? [RunMatrix.Model(path: defaults.model.model)] {
            for grid in matrix.grids {
                let precisions = try Self.precisions(model, grid) ?? [defaults.model.precision]
                let cells = try MatrixCells(model, grid, defaults, catalog)
                try Self.check(count + cells.count * precisions.count, path)
                for precision in precisions {
                    let index = partIndex(model.path, precision, matrix, defaults)
                    for cell in cells.all where !parts[index].contains(cell) {
                        var request = RunRequest(
                            task: cell.task,
                            dataRoot: root.path,
                            shots: cell.shots
                        )
                        cell.fill(&request)
                        request.truncatedImages = defaults.model.truncatedImages
                        request.isDemo = root.isDemo || model.path == nil
                        request.label = matrix.label ?? defaults.label
                        parts[index].add(request)
                    }
                }
            }
        }
        guard count > 0 else {
            throw CommandError.usage("\(path): asks for no run: no task has any of its shots")
        }
    }

    private static func check(_ count: Int, _ path: String) throws {
        guard count > largestCount else { return }
        throw CommandError.usage(
            "\(path): asks for \(count) runs or more, at most \(largestCount) are expected; "
                + "split it into several files"
        )
    }

    private static func precisions(
        _ model: RunMatrix.Model,
        _ grid: RunMatrix.Grid
    ) throws -> [EnginePrecision]? {
        try (model.precisions ?? grid.precisions)?.map { name in
            try name.value(EnginePrecision.self, "precision")
        }
    }

    /// The part of a checkpoint and precision, a new one if there is none.
    private mutating func partIndex(
        _ path: String?,
        _ precision: EnginePrecision,
        _ matrix: RunMatrix,
        _ defaults: MatrixDefaults
    ) -> Int {
        let known = parts.firstIndex {
            $0.model.model == path && $0.model.precision == precision
        }
        if let known { return known }
        var model = defaults.model
        model.model = path
        model.precision = precision
        var prompt = defaults.prompt
        prompt.selection = .random
        prompt.encoder = matrix.encoder ?? prompt.encoder
        parts.append(Part(model: model, prompt: prompt, requests: []))
        return parts.count - 1
    }
}

extension MatrixRuns.Part {
    fileprivate func contains(_ cell: MatrixCell) -> Bool { requests.contains(where: cell.isOf) }

    fileprivate mutating func add(_ request: RunRequest) {
        if request.selection == .rices { prompt.selection = .rices }
        requests.append(request)
    }

    /// The part's title.
    var title: String {
        let name = model.model.map { String($0.split(separator: "/").last ?? "/") } ?? "demo"
        return "\(name), \(model.precision.rawValue)"
    }
}

/// Flags whose matter a matrix file states as well.
enum MatrixFlags {
    private static let flags = [
        (flag: "--model", key: "models"), (flag: "--model", key: "model"),
        (flag: "--data", key: "data"), (flag: "--encoder", key: "encoder"),
        (flag: "--label", key: "label"), (flag: "--shots", key: "shots"),
        (flag: "--seed", key: "seeds"), (flag: "--selection", key: "selection"),
        (flag: "--protocol", key: "protocol"), (flag: "--variant", key: "variant"),
        (flag: "--precision", key: "precision"), (flag: "--split", key: "split"),
        (flag: "--limit", key: "limit"), (flag: "--support-size", key: "support_size"),
        (flag: "--overlong", key: "overlong"),
    ]

    /// Refuses what is said twice, in the file and on the command line.
    static func refuse(
        _ arguments: [String],
        tasks: [String],
        statedBy matrix: RunMatrix
    ) throws {
        if let task = tasks.first, let place = matrix.places["tasks"] {
            throw conflict("the task \(task)", place)
        }
        guard !tasks.isEmpty || matrix.grids.allSatisfy({ $0.tasks != nil }) else {
            throw CommandError.usage("\(matrix.file): names no tasks, and the command neither")
        }
        for (flag, key) in flags {
            guard let place = matrix.places[key] else { continue }
            if arguments.contains(where: { $0 == flag || $0.hasPrefix(flag + "=") }) {
                throw conflict(flag, place)
            }
        }
    }

    private static func conflict(_ what: String, _ place: String) -> CommandError {
        .usage("\(what) stands on the command line and in \(place); leave out one of them")
    }
}

extension RunMatrix.Name {
    /// One of the names of an enumeration.
    /// - Throws: `CommandError` with the nearest name.
    func value<Value>(_ type: Value.Type, _ what: String) throws -> Value
    where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
        if let value = Value(rawValue: text) { return value }
        let names = Value.allCases.map(\.rawValue)
        let hint =
            nearestName(to: text, among: names).map { ", did you mean \"\($0)\"?" }
            ?? "; known: \(names.joined(separator: ", "))"
        throw CommandError.usage("\(place): unknown \(what) \"\(text)\"\(hint)")
    }
}
