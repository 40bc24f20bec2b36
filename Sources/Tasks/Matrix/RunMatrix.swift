/// Runs that are asked for together, as one YAML file states them: every combination of its lists.
///
/// What the file leaves open (`nil`) is for the command that reads it to fill in.
public struct RunMatrix: Sendable, Hashable {
    /// A text of the file with its place, for messages about what only the command can check.
    public struct Name: Sendable, Hashable {
        /// The text.
        public var text: String
        /// `file:line`.
        public var place: String
    }

    /// A checkpoint and how it is used.
    public struct Model: Sendable, Hashable {
        /// Its folder, relative paths taken from the file's; nil for the demo's.
        public var path: String?
        /// How its products are computed; nil for the file's list.
        public var precisions: [Name]?
        /// Which variant's prompts it gets; nil for the file's list.
        public var variants: [Name]?

        /// Creates a model of which only the folder is known.
        public init(path: String?) { self.path = path }
    }

    /// Lists of which every combination is a run, for each model.
    public struct Grid: Sendable, Hashable {
        /// Names of tasks and groups.
        public var tasks: [Name]?
        /// Numbers of shots.
        public var shots: [Int]?
        /// How shots are chosen: `random`, `rices`, `none` or `fixed:FILE`.
        public var selections: [Name]?
        /// Seeds of support set, slices and shots.
        public var seeds: [UInt64]?
        /// `m4`, `openflamingo`.
        public var protocols: [Name]?
        /// `base`, `instruct`.
        public var variants: [Name]?
        /// How products are computed.
        public var precisions: [Name]?
        /// The split of the queries.
        public var split: Name?
        /// The first so many queries.
        public var limit: Int?
        /// Members of the support set.
        public var supportSize: Int?
        /// What happens to prompts over the limit.
        public var overlong: Name?
    }

    /// The file.
    public var file: String
    /// The checkpoints; nil if the command says.
    public var models: [Model]?
    /// Folder of the datasets, relative paths taken from the file's.
    public var data: String?
    /// The checkpoint that compares pictures, relative paths taken from the file's.
    public var encoder: String?
    /// A note that is stored with every run.
    public var label: String?
    /// The grids, each with the file's own lists where it has none; at least one.
    public var grids: [Grid]
    /// Where each key first stands: key → `file:line`.
    public var places: [String: String]
}

extension RunMatrix {
    /// The format that this program reads.
    static let format = 1
    /// The keys of a grid; those of the file are these and its own.
    static let gridKeys = [
        "tasks", "shots", "selection", "seeds", "protocol", "variant", "precision", "split",
        "limit", "support_size", "overlong",
    ]
    /// The keys that only the file itself has.
    static let fileKeys = ["format", "models", "data", "encoder", "label", "grids"]

    /// Reads a matrix file.
    /// - Parameter file: its path.
    /// - Returns: what it asks for.
    /// - Throws: `TasksError` of the kind `request`, with file and line.
    public static func read(_ file: String) throws(TasksError) -> RunMatrix {
        do {
            let bytes = try TaskCatalog.bytes(of: file)
            return try RunMatrix(bytes: bytes, file: file)
        } catch {
            throw TasksError(.request, at: error.place, error.message)
        }
    }

    /// Reads a matrix file's bytes.
    /// - Throws: `TasksError` with file and line.
    package init(bytes: [UInt8], file: String) throws(TasksError) {
        let root = try YAMLTree(bytes: bytes, file: file)
        let members = try root.members(Self.fileKeys + Self.gridKeys)
        let format = try members.required("format", of: root)
        guard try format.integer(1...Int.max) == Self.format else {
            throw format.failure("this program reads matrix files of format \(Self.format)")
        }
        self.file = file
        models = try members["models"]?.models(besideFile: file)
        data = try members["data"]?.path(besideFile: file)
        encoder = try members["encoder"]?.path(besideFile: file)
        label = try members["label"]?.nonEmptyText()
        let own = try Grid(members, besideFile: file)
        grids = [own]
        if let list = members["grids"] {
            grids = []
            for element in try list.nonEmptyList() {
                let grid = try Grid(element.members(Self.gridKeys), besideFile: file)
                grids.append(grid.filled(from: own))
            }
        }
        places = [:]
        try notePlaces(root)
    }

    /// Notes where the keys of file, grids and models stand.
    private mutating func notePlaces(_ root: YAMLTree) throws(TasksError) {
        for (key, line, value) in try root.mapping() {
            places[key] = places[key] ?? root.place(line: line)
            guard key == "grids" || key == "models", case .sequence(let elements) = value.content
            else { continue }
            for element in elements {
                guard case .mapping(let members) = element.content else { continue }
                for member in members {
                    places[member.key] = places[member.key] ?? element.place(line: member.line)
                }
            }
        }
    }
}

extension RunMatrix.Grid {
    fileprivate init(
        _ members: [String: YAMLTree],
        besideFile file: String
    ) throws(TasksError) {
        tasks = try members["tasks"]?.names()
        shots = try members["shots"]?.integers(0...100_000)
        selections = try members["selection"]?.selections(besideFile: file)
        seeds = try members["seeds"]?.integers(0...Int.max).map { UInt64($0) }
        protocols = try members["protocol"]?.names(among: ["m4", "openflamingo"], "protocol")
        variants = try members["variant"]?.names(among: ["base", "instruct"], "variant")
        precisions = try members["precision"]?.names()
        split = try members["split"]?.name()
        limit = try members["limit"]?.integer(1...Int.max)
        supportSize = try members["support_size"]?.integer(1...Int.max)
        overlong = try members["overlong"]?.name()
    }

    /// This grid with the file's lists where it has none of its own.
    fileprivate func filled(from other: Self) -> Self {
        var grid = self
        grid.tasks = tasks ?? other.tasks
        grid.shots = shots ?? other.shots
        grid.selections = selections ?? other.selections
        grid.seeds = seeds ?? other.seeds
        grid.protocols = protocols ?? other.protocols
        grid.variants = variants ?? other.variants
        grid.precisions = precisions ?? other.precisions
        grid.split = split ?? other.split
        grid.limit = limit ?? other.limit
        grid.supportSize = supportSize ?? other.supportSize
        grid.overlong = overlong ?? other.overlong
        return grid
    }
}
