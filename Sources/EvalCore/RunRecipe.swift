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
    /// The templates that prompts are written by; nil where an earlier version did not store them.
    public var templates: TemplateTexts?
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
        case variant, templates, endOfChunk, generation, overlong, truncatedImages, dataDigest,
            engine
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
        templates: TemplateTexts? = nil,
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
        self.templates = templates
        self.endOfChunk = endOfChunk
        self.generation = generation
        self.overlong = overlong
        self.truncatedImages = truncatedImages
        self.dataDigest = dataDigest
        self.engine = engine
    }
}

/// The templates of a run's prompts, as they were used.
public struct TemplateTexts: Sendable, Hashable, Codable {
    /// What stands before the first shot.
    public var prefix: String
    /// One shot.
    public var shot: String
    /// The query.
    public var query: String

    /// Creates texts.
    public init(prefix: String, shot: String, query: String) {
        (self.prefix, self.shot, self.query) = (prefix, shot, query)
    }

    /// Name and text of each, in quotes, its line feeds and tabs visible.
    public var visible: [(name: String, text: String)] {
        let texts = [
            ("prefix template", prefix), ("shot template", shot), ("query template", query),
        ]
        return texts.map {
            let escapes: [Unicode.Scalar: String] = [
                "\n": "\\n", "\r": "\\r", "\t": "\\t",
            ]
            let text = $1.unicodeScalars.map { escapes[$0] ?? String($0) }.joined()
            return ($0, "\"\(text)\"")
        }
    }
}
