import ArgumentParser
import EvalCore
import Evaluation
import Foundation
import LocalEngine

/// The CLIP checkpoint of a command that compares pictures.
struct EncoderSource {
    /// Names the selection and the encoder.
    let prompt: PromptOptions
    /// True if the bundled encoder may stand in for one that is not named.
    let isDemo: Bool
    /// Where the bundled one is.
    let home: Home
    /// How it computes, and where it keeps embeddings.
    let options: ClipEmbedderOptions

    /// Opens the encoder of `--selection rices`, without reading its weights.
    /// - Parameters:
    ///   - display: shows how far embedding is.
    ///   - cancellation: ends embedding early.
    /// - Returns: nil for other selections.
    /// - Throws: `CommandError` if none is named; `LocalEngineError` for one that cannot be used.
    func retrieval(
        _ display: ProgressDisplay,
        cancellation: Cancellation
    ) throws -> ShotRetrieval? {
        guard let path = try path else { return nil }
        return ShotRetrieval(
            embedder: try ClipEmbedder(path, options: options, onEvent: display.show),
            folder: options.cacheFolder,
            cancellation: cancellation
        )
    }

    /// Finds out whether a run could use the encoder: a plan that passes must not be refused later.
    /// - Throws: as `retrieval`.
    func check() throws {
        guard let path = try path else { return }
        _ = try ClipEmbedder(path, options: options) { _ in }
    }

    /// The encoder's folder; nil where no pictures are compared.
    private var path: String? {
        get throws {
            guard prompt.selection.request == .rices else { return nil }
            guard prompt.encoder != nil || isDemo else {
                throw CommandError.usage(
                    "--selection rices compares pictures: name a CLIP checkpoint folder with "
                        + "--encoder (IDEFICS' own evaluation used openai/clip-vit-base-patch32)"
                )
            }
            return try prompt.encoder ?? home.demo(home.demoEncoder, instead: "--encoder")
        }
    }

    /// Where embeddings are kept beside a store.
    static func cacheFolder(beside store: String) -> String {
        URL(fileURLWithPath: store).deletingLastPathComponent()
            .appendingPathComponent("embeddings", isDirectory: true).relativePath
    }
}

extension EncoderSource {
    /// The encoder of a checkpoint's runs.
    ///
    /// It shares the checkpoint's threads and keeps embeddings beside the store.
    init(
        _ prompt: PromptOptions,
        model: ModelOptions,
        isDemo: Bool,
        home: Home,
        store: String
    ) {
        self.init(
            prompt: prompt,
            isDemo: isDemo,
            home: home,
            options: ClipEmbedderOptions(
                encoder: ClipEncoderOptions(threads: model.threads),
                cacheFolder: Self.cacheFolder(beside: store),
                loadsTruncatedImages: model.truncatedImages == .load
            )
        )
    }
}

/// Which CLIP checkpoint embeds, and how.
struct EncoderOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder of a CLIP checkpoint in Hugging Face format; the demo's unless given.",
            valueName: "dir"
        )
    )
    var model: String?

    @Option(help: ArgumentHelp("How products are computed.", valueName: "name"))
    var precision: EnginePrecision = .f32

    @Option(help: ArgumentHelp("Worker threads; all cores unless given.", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("What to do with a cut-off picture file.", valueName: "policy"))
    var truncatedImages: TruncatedImagePolicy = .error

    func validate() throws {
        if let threads, threads < 1 || threads > 4096 {
            throw ValidationError("--threads \(threads): expected 1…4096")
        }
    }

    /// What an embedder may use.
    /// - Parameter cache: the folder that keeps embeddings.
    /// - Returns: the options.
    func options(cache: String) -> ClipEmbedderOptions {
        ClipEmbedderOptions(
            encoder: ClipEncoderOptions(precision: precision, threads: threads),
            cacheFolder: cache,
            loadsTruncatedImages: truncatedImages == .load
        )
    }
}
