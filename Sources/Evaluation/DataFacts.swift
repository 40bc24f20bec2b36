internal import Foundation
public import InputFiles
internal import Tasks

/// What a recipe says of the data: all that is known only when the files are read.
struct DataFacts: Sendable, Hashable, Codable {
    /// Number of samples of the split.
    var splitCount: Int
    /// Digest of the annotation files of queries and shots.
    var dataDigest: String
    /// Members asked for the support set; 0 without one.
    var supportSize: Int
    /// Digest of the support set's ids; nil without one.
    var supportDigest: String?
}

/// All that decides the facts of a request's data, short of reading them.
struct DataQuestion: Hashable, Encodable {
    private let program: FileIdentity
    private let task: String
    private let split: String?
    private let limit: Int?
    private let requiresFullSplit: Bool
    private let shots: Int
    private let seed: UInt64
    private let selection: String
    private let supportSize: Int?
    private let promptProtocol: String
    private let variant: String
    private let files: [FileIdentity]

    /// - Parameters:
    ///   - request: what is asked for.
    ///   - program: the version of this program; another may draw other shots.
    ///   - files: the official files that the request reads.
    /// - Throws: `InputFileError` for a list of shots that is missing.
    init(_ request: RunRequest, program: FileIdentity, files: [FileIdentity]) throws {
        self.program = program
        task = request.task.digest
        split = request.split
        limit = request.limit
        requiresFullSplit = request.requiresFullSplit
        shots = request.shots
        seed = request.seed
        selection = request.selection.name
        supportSize = request.supportSize
        promptProtocol = request.promptProtocol
        variant = request.variant
        guard case .fixed(let list) = request.selection else {
            self.files = files
            return
        }
        self.files = try files + [InputFile(list).identity]
    }

    /// A key for caches: the SHA-256 of all that is asked.
    func key() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return SHA256Digest(of: try encoder.encode(self)).hex
    }

    /// True if all files had their last change at least two seconds before `date`: one that
    /// changes twice within a tick of its file system's clock keeps its identity.
    func isSettled(before date: Date) -> Bool {
        let latest = Int((date.timeIntervalSince1970 - 2) * 1e9)
        return files.allSatisfy { $0.modificationNanoseconds < latest }
    }
}

/// Facts of data that were read before, so that a run that is done is found without reading them.
///
/// They only say where to look: a run that is not done in the store is never answered from here.
public struct DataFactsCache {
    private var file: CacheFile<DataFacts>
    private let program: FileIdentity
    private let start = Date()

    /// Opens a cache, before any data are read.
    /// - Parameters:
    ///   - path: its file, which need not exist.
    ///   - program: the version of this program: its executable file.
    public init(_ path: String, program: FileIdentity) {
        file = CacheFile(path)
        self.program = program
    }

    /// What has to be known of a request's data; nil if a file is missing, which is for the
    /// reader to report.
    func question(_ request: RunRequest, _ reader: DatasetReader) -> DataQuestion? {
        try? DataQuestion(
            request,
            program: program,
            files: try reader.identities(
                of: request.split,
                withSupport: request.drawsShots
            )
        )
    }

    /// The facts that answer a question, nil if they are not known.
    func facts(_ question: DataQuestion) -> DataFacts? {
        (try? question.key()).flatMap { file[$0] }
    }

    /// Keeps facts that `reader` found, unless its files changed meanwhile or may have.
    mutating func keep(
        _ facts: DataFacts,
        for question: DataQuestion,
        of request: RunRequest,
        _ reader: DatasetReader
    ) {
        let now = try? DataQuestion(
            request,
            program: program,
            files: try reader.currentIdentities(
                of: request.split,
                withSupport: request.drawsShots
            )
        )
        guard now == question, question.isSettled(before: start), let key = try? question.key()
        else { return }
        file.keep(facts, under: key)
        file.save()
    }
}
