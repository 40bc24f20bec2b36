public import EvalCore

/// A picture of a page.
public struct PictureView: Sendable, Hashable {
    /// What stands in its place.
    public enum State: Sendable, Hashable {
        /// Its thumbnail.
        case shown(ThumbnailReference)
        /// Why there is none: one line.
        case missing(String)
    }

    /// What the picture is called: its file's name.
    public var name: String
    /// Its thumbnail, or why there is none.
    public var state: State

    /// Creates a picture.
    public init(name: String, state: State) {
        self.name = name
        self.state = state
    }
}

/// A thumbnail that lies in the site.
public struct ThumbnailReference: Sendable, Hashable {
    /// SHA-256 (hex) of its bytes, by which it is stored once.
    public var digest: String
    /// Pixels per row.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Creates a reference.
    public init(digest: String, width: Int, height: Int) {
        self.digest = digest
        self.width = width
        self.height = height
    }

    /// Where the thumbnail lies below the report's folder.
    public var path: String { "site/" + sitePath }

    /// Where it lies below the site.
    var sitePath: String { "pictures/\(PageName.file(String(digest.prefix(24)))).jpg" }
}

/// A sample as its page shows it.
public struct SampleView: Sendable, Hashable {
    /// A shot of its prompt.
    public struct ShotView: Sendable, Hashable {
        /// The support sample's id.
        public var id: String
        /// The answer that the prompt shows.
        public var answer: String
        /// Its pictures.
        public var pictures: [PictureView]
        /// How much its picture looks like the query's, where that was compared.
        public var similarity: Double?

        /// Creates a shot.
        public init(id: String, answer: String, pictures: [PictureView], similarity: Double?) {
            self.id = id
            self.answer = answer
            self.pictures = pictures
            self.similarity = similarity
        }
    }

    /// A piece of its prompt.
    public enum Piece: Sendable, Hashable {
        /// Template text.
        case markup(String)
        /// Sample text.
        case text(String)
        /// A picture.
        case picture(PictureView)
    }

    /// What its prompt was made of, made again from task file and data.
    public struct Source: Sendable, Hashable {
        /// What the query itself says behind its picture.
        public var question: String
        /// The query's pictures.
        public var pictures: [PictureView]
        /// The shots in prompt order.
        public var shots: [ShotView]
        /// The prompts: one, or one for each of the query's pictures.
        public var prompts: [[Piece]]
        /// The ground truth, one text each.
        public var references: [String]
        /// Names of the candidates that were scored; empty for open-ended tasks.
        public var candidates: [String]
        /// True if the answer is the label; nil where there is no single label.
        public var isLabelFound: Bool?
        /// False if the data have changed since: the run's shots were others.
        public var hasStoredShots: Bool

        /// Creates a source.
        public init(
            question: String,
            pictures: [PictureView],
            shots: [ShotView],
            prompts: [[Piece]],
            references: [String],
            candidates: [String],
            isLabelFound: Bool?,
            hasStoredShots: Bool
        ) {
            self.question = question
            self.pictures = pictures
            self.shots = shots
            self.prompts = prompts
            self.references = references
            self.candidates = candidates
            self.isLabelFound = isLabelFound
            self.hasStoredShots = hasStoredShots
        }
    }

    /// What the run kept of it.
    public var record: SampleRecord
    /// What its prompt was made of, or why that cannot be said.
    public var source: Result<Source, SampleFailure>
    /// Runs of the same benchmark whose headline score of this sample differs → true if theirs is
    /// higher.
    public var flips: [String: Bool]

    /// Creates a view.
    public init(
        record: SampleRecord,
        source: Result<Source, SampleFailure>,
        flips: [String: Bool] = [:]
    ) {
        self.record = record
        self.source = source
        self.flips = flips
    }
}
