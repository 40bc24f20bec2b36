internal import EvalCore
public import Tasks

/// What a run is asked to do: one task, one number of shots, one seed.
public struct RunRequest: Sendable {
    /// How shots are chosen.
    public enum Selection: Sendable, Hashable {
        /// No shots, not even the text-only ones of a 0-shot prompt.
        case none
        /// Distinct members of the support set, drawn for each query.
        case random
        /// The members of the support set whose pictures look most like the query's.
        case rices
        /// The samples that a file lists, one id a line, in its order.
        case fixed(file: String)
    }

    /// The task.
    public var task: TaskDefinition
    /// The folder that holds the datasets.
    public var dataRoot: String
    /// The split of the queries, nil for the task's default.
    public var split: String?
    /// The first this many queries in file order, ≥ 1; nil for all.
    public var limit: Int?
    /// Refuses to evaluate fewer samples than the published split has.
    public var requiresFullSplit = false
    /// Shots per query, ≥ 0.
    public var shots: Int
    /// The seed of support set, slices and shots.
    public var seed: UInt64 = 42
    /// How shots are chosen.
    public var selection: Selection = .random
    /// Members of the support set, ≥ 1; nil for the protocol's number.
    public var supportSize: Int?
    /// `m4` or `openflamingo`.
    public var promptProtocol = "m4"
    /// `base` or `instruct`.
    public var variant = "base"
    /// What happens to prompts over the limit.
    public var overlong: OverlongPolicy = .error
    /// What happens to pictures that end too early; the engine acts on it.
    public var truncatedImages: TruncatedImagePolicy = .error
    /// What happens when a sample fails.
    public var onError: ErrorPolicy = .continue
    /// True if the bundled demo model or data is used.
    public var isDemo = false
    /// The user's label.
    public var label: String?

    /// Creates a request with the defaults of `run`.
    public init(task: TaskDefinition, dataRoot: String, shots: Int) {
        self.task = task
        self.dataRoot = dataRoot
        self.shots = shots
    }
}

extension RunRequest {
    /// How the task's prompts are written for this request.
    var promptFormat: PromptFormat {
        get throws { try task.promptFormat(protocol: promptProtocol, variant: variant) }
    }

    /// True if prompts show shots, or the text of some, so that a support set is needed.
    var drawsShots: Bool {
        get throws {
            guard selection != .none else { return false }
            return try shots > 0 || promptFormat.zeroShot != .none
        }
    }

    /// True if what pictures look like decides about the shots.
    var comparesPictures: Bool {
        get throws {
            guard selection == .rices else { return false }
            return try shots > 0 || promptFormat.zeroShot == .pairPerQuery
        }
    }

    /// The name of the selection in recipes: of what is done, not of what was asked for.
    var selectionName: String {
        get throws {
            guard try drawsShots else { return "none" }
            // The pair of an m4 0-shot prompt is the same whatever the selection.
            return try selection == .rices && !comparesPictures ? "random" : selection.name
        }
    }
}
