/// What identifies a number: two runs of one recipe must agree to the last bit.
///
/// Paths, store, threads, batch, progress and tool commit are not part of it (contracts.md
/// section 5). Coding keys are the property names; the recipe's digest is the SHA-256 of its JSON
/// with sorted keys.
public struct RunRecipe: Sendable, Hashable, Codable {
    /// Task name, its version and the digest of its resolved definition and metric versions.
    public var task: String
    /// The task file's version.
    public var taskVersion: Int
    /// Digest of the resolved task definition.
    public var taskDigest: String
    /// Split of the queries.
    public var split: String
    /// The first this many queries in file order, nil for all.
    public var limit: Int?
    /// Shots per query.
    public var shots: Int
    /// `none`, `random`, `rices` or `fixed`.
    public var selection: String
    /// Digest of what the selection depends on besides the seed: the encoder, the fixed list.
    public var selectionDigest: String?
    /// Name of the encoder that compared pictures, where one did.
    public var selectionEncoder: String?
    /// Size asked for the support set.
    public var supportSize: Int
    /// Digest of the support set's ids; nil if no support set is needed.
    public var supportDigest: String?
    /// The seed of support set, slices and shots.
    public var seed: UInt64
    /// `m4` or `openflamingo`.
    public var promptProtocol: String
    /// `base` or `instruct`.
    public var variant: String
    /// `present`, `absent`, or nil where the protocol has no such token.
    public var endOfChunk: String?
    /// How the engine continues prompts; nil for closed-ended tasks.
    public var generation: GenerationSettings?
    /// `error` or `drop-shots`.
    public var overlong: String
    /// `error` or `load`.
    public var truncatedImages: String
    /// Digest of the annotation files.
    public var dataDigest: String
    /// The engine.
    public var engine: EngineProvenance

    enum CodingKeys: String, CodingKey {
        case task, taskVersion, taskDigest, split, limit, shots, selection, selectionDigest
        case selectionEncoder, supportSize, supportDigest, seed
        case promptProtocol = "protocol"
        case variant, endOfChunk, generation, overlong, truncatedImages, dataDigest, engine
    }

    /// Creates a recipe.
    public init(
        task: String,
        taskVersion: Int,
        taskDigest: String,
        split: String,
        limit: Int?,
        shots: Int,
        selection: String,
        selectionDigest: String?,
        selectionEncoder: String? = nil,
        supportSize: Int,
        supportDigest: String?,
        seed: UInt64,
        promptProtocol: String,
        variant: String,
        endOfChunk: String?,
        generation: GenerationSettings?,
        overlong: String,
        truncatedImages: String,
        dataDigest: String,
        engine: EngineProvenance
    ) {
        self.task = task
        self.taskVersion = taskVersion
        self.taskDigest = taskDigest
        self.split = split
        self.limit = limit
        self.shots = shots
        self.selection = selection
        self.selectionDigest = selectionDigest
        self.selectionEncoder = selectionEncoder
        self.supportSize = supportSize
        self.supportDigest = supportDigest
        self.seed = seed
        self.promptProtocol = promptProtocol
        self.variant = variant
        self.endOfChunk = endOfChunk
        self.generation = generation
        self.overlong = overlong
        self.truncatedImages = truncatedImages
        self.dataDigest = dataDigest
        self.engine = engine
    }
}
