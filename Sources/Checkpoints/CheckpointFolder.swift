import Foundation
import InputFiles

/// A checkpoint in Hugging Face layout: configuration, tokenizer files and safetensors weights.
///
/// Opening reads the small files and the headers of the weights; the weights themselves stay on
/// disk, mapped. Whatever the program needs and the folder lacks is refused here, with a remedy.
public struct CheckpointFolder: Sendable {
    /// The folder's path as given, without a final `/`.
    public let path: String
    /// `config.json`.
    public let configuration: ConfigurationObject
    /// `generation_config.json`, if there is one.
    public let generationConfiguration: ConfigurationObject?
    /// `preprocessor_config.json`: how images become pixel values.
    public let preprocessorConfiguration: ConfigurationObject
    /// `tokenizer_config.json`, if there is one.
    public let tokenizerConfiguration: ConfigurationObject?
    /// `special_tokens_map.json`, if there is one.
    public let specialTokensMap: ConfigurationObject?
    /// The path of `tokenizer.json`, which is there if the folder was opened with a need for it.
    public let tokenizerPath: String
    /// The weights, unscoped.
    public let weights: WeightReader
    /// The weight files: full path and what told this version of them apart when opened.
    public let weightFiles: [WeightFile]
    /// False if the folder was opened without a need for weights and shards are missing.
    public let hasWeights: Bool
    /// Bytes of all tensors as the shard index states them; nil where it does not.
    public let statedByteCount: Int?
    /// SHA-256, in hexadecimal, over `config.json`, the shard index, and of every weight file its
    /// name, header, size and time of change: identifies the weights without reading them.
    ///
    /// Small weights are identified by their bytes in place of the time, so that copies are equal.
    public let weightsDigest: String

    /// The most bytes that a JSON file of a checkpoint may have (the tokenizer is not read here).
    private static let jsonLimit = 64 << 20
    /// Reading so many bytes of weights takes no time that anybody notices.
    public static let smallWeights = 64 << 20

    /// Opens a checkpoint.
    /// - Parameters:
    ///   - path: the folder.
    ///   - needsTokenizer: false for models that see no text.
    ///   - needsWeights: false to look at a folder whose shards may be missing.
    ///   - readLimit: weights of up to so many bytes in all are identified by their bytes.
    /// - Throws: `CheckpointError` for a folder that is not there, lacks a file or has damaged
    ///   ones; for weights in pickles; for an index that its shards contradict.
    public init(
        _ path: String,
        needsTokenizer: Bool = true,
        needsWeights: Bool = true,
        readLimit: Int = smallWeights
    ) throws {
        let folder = try FolderListing(path)
        self.path = folder.path
        let configurationBytes = try folder.bytes(
            "config.json",
            limit: Self.jsonLimit,
            remedy: "a checkpoint is a folder in Hugging Face layout"
        )
        configuration = try ConfigurationObject(
            configurationBytes,
            path: folder.path(of: "config.json")
        )
        generationConfiguration = try folder.object("generation_config.json", Self.jsonLimit)
        tokenizerConfiguration = try folder.object("tokenizer_config.json", Self.jsonLimit)
        specialTokensMap = try folder.object("special_tokens_map.json", Self.jsonLimit)
        tokenizerPath = folder.path(of: "tokenizer.json")
        if needsTokenizer { try Self.requireTokenizer(in: folder) }
        preprocessorConfiguration = try ConfigurationObject(
            folder.bytes(
                "preprocessor_config.json",
                limit: Self.jsonLimit,
                remedy: "it says how images become pixel values: download it too"
            ),
            path: folder.path(of: "preprocessor_config.json")
        )
        let opened = try folder.openWeights(indexLimit: Self.jsonLimit, mayMiss: !needsWeights)
        weights = WeightReader(opened.catalog)
        weightFiles = opened.catalog.files.map { WeightFile($0) }
        hasWeights = opened.isComplete
        statedByteCount = opened.statedByteCount
        let byteCount = weightFiles.reduce(0) { $0 + $1.identity.byteCount }
        weightsDigest = try Self.digest(
            configurationBytes,
            opened.indexBytes,
            weightFiles,
            readsThem: byteCount <= readLimit
        )
    }

    private static func requireTokenizer(in folder: FolderListing) throws {
        _ = try folder.require(
            "tokenizer.json",
            remedy: "only this form of the tokenizer is read: download it, or make it with"
                + " transformers: AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)"
        )
    }

    private static func digest(
        _ configuration: [UInt8],
        _ index: [UInt8],
        _ files: [WeightFile],
        readsThem: Bool
    ) throws -> String {
        var hasher = SHA256Hasher()
        // Each part is preceded by its length, so that no two checkpoints run together alike.
        func add(_ bytes: [UInt8]) {
            hasher.update("\(bytes.count):")
            hasher.update(bytes)
        }
        add(configuration)
        add(index)
        for file in files {
            add(Array(file.name.utf8))
            add(file.header)
            let identity = file.identity
            let version =
                readsThem
                ? try InputFile(file.path).sha256().hex
                : "\(identity.byteCount) \(identity.modificationNanoseconds)"
            add(Array(version.utf8))
        }
        return hasher.finalize().hex
    }
}
