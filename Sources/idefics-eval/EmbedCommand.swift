import ArgumentParser
import EvalCore
import Foundation
import LocalEngine
import ShotSelection
import StrictJSON

/// `embed`: pictures or texts to unit vectors of a CLIP checkpoint.
struct EmbedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embed",
        abstract: "Embed pictures with a CLIP checkpoint; resumes where it was stopped.",
        usage: "idefics-eval embed --images <file> --output <file> [<options>]",
        discussion: """
            Writes a safetensors file whose tensor `embeddings` [N, P] f32 has a row of length 1 for
            each line of the list that is not empty, in its order. Finished pictures are kept in the
            cache folder by their pixels, so that another list, a renamed file and
            `run --selection rices` in the same working directory find them.

            EXAMPLES
              The demo's pictures with the demo's encoder:
                find demo/data/imagenet -name '*.JPEG' | sort > pictures.txt
                idefics-eval embed --images pictures.txt --output pictures.safetensors
              A CLIP checkpoint of your own:
                idefics-eval embed --model clip-vit-base-patch32 --images pictures.txt \\
                  --output pictures.safetensors
              Texts, one per line, in the same space:
                idefics-eval embed --model clip-vit-base-patch32 --texts captions.txt \\
                  --output captions.safetensors
            """
    )

    @OptionGroup var encoder: EncoderOptions

    @Option(
        help: ArgumentHelp(
            "Paths of pictures, one per line, absolute or below the working directory.",
            valueName: "file"
        )
    )
    var images: String?

    @Option(
        help: ArgumentHelp(
            "Texts in place of pictures, one per line that is not empty.",
            valueName: "file"
        )
    )
    var texts: String?

    @Option(help: ArgumentHelp("The safetensors file to write.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Folder that keeps finished embeddings.", valueName: "dir"))
    var cache = EncoderSource.cacheFolder(beside: StoreOptions.defaultStore)

    @OptionGroup var json: JSONOption

    func validate() throws {
        guard (images == nil) != (texts == nil) else {
            throw ValidationError("name one list: --images or --texts")
        }
    }

    func run() throws {
        let watch = SignalWatch()
        let home = try Home.find()
        DemoNote.show(encoder: encoder.model == nil)
        let path = try encoder.model ?? home.demo(home.demoEncoder, instead: "--model")
        let display = ProgressDisplay()
        let embedder = try ClipEmbedder(
            path,
            options: encoder.options(cache: cache),
            onEvent: display.show
        )
        let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
        guard isFolder(folder) else {
            throw CommandError.usage("--output \(output): no folder \(folder); make it first")
        }
        try EmbeddingFile.checkReplaceable(output, by: embedder.provenance)
        let session = EmbedSession(embedder, output: output)
        do {
            if let images {
                try session.embed(try EmbeddingList(pictures: images), watch)
            } else if let texts {
                try session.embed(try EmbeddingList(texts: texts))
            }
        } catch let error as CancellationError {
            throw watch.cancellation.signal.map { ExitStatus(signal: $0) } ?? error
        }
        try Output.write(json.json ? session.json : session.text)
    }
}
