import EvalCore
import Foundation
import InputFiles
import LocalEngine
import ShotSelection
import StrictJSON

/// What `embed` embeds: the lines of a file.
struct EmbeddingList {
    /// The file.
    let path: String
    /// Its lines that are not empty, and their numbers.
    let lines: [(number: Int, text: String)]

    /// Reads a list of texts.
    /// - Throws: `InputFileError`; `CommandError` for a list without a line.
    init(texts path: String) throws {
        self.path = path
        let reader = LineReader(try InputFile(path).chunks())
        var lines: [(number: Int, text: String)] = []
        while let line = try reader.next() {
            let ending = line.bytes.last == UInt8(ascii: "\r") ? 1 : 0
            guard let text = String(validating: line.bytes.dropLast(ending), as: UTF8.self) else {
                throw CommandError(.invalidData, "\(path):\(line.number): is not UTF-8")
            }
            if !text.isEmpty { lines.append((line.number, text)) }
        }
        guard !lines.isEmpty else {
            throw CommandError(.invalidData, "\(path): has no line; expected one per embedding")
        }
        self.lines = lines
    }

    /// Reads a list of picture paths, all of which must exist.
    /// - Throws: as for texts; `CommandError` for files that are missing.
    init(pictures path: String) throws {
        try self.init(texts: path)
        var missing: [(number: Int, message: String)] = []
        for line in lines {
            do {
                _ = try InputFile(line.text)
            } catch let error as InputFileError {
                missing.append((line.number, error.description))
            }
        }
        guard let first = missing.first else { return }
        throw CommandError(
            .invalidData,
            "\(missing.count) of \(lines.count) pictures cannot be opened, the first is "
                + "\(path):\(first.number): \(first.message); paths are absolute or below the "
                + "working directory"
        )
    }
}

/// One run of `embed`: what was embedded, and where it lies.
final class EmbedSession {
    private let embedder: ClipEmbedder
    private let output: String
    private var count = 0
    /// Error messages shown; the rest are counted.
    private static let shownFailures = 10
    /// Rows up to this many bytes are collected in memory, more in a mapped file.
    private static let memoryLimit = 256 << 20

    init(_ embedder: ClipEmbedder, output: String) {
        self.embedder = embedder
        self.output = output
    }

    /// Embeds pictures and writes the file.
    /// - Throws: `CommandError` if one of them cannot be embedded, once the others are; errors of
    ///   encoder and files; `CancellationError`.
    func embed(_ list: EmbeddingList, _ watch: SignalWatch) throws {
        var builder = try builder(list.lines.count)
        var failures: [(number: Int, message: String)] = []
        watch.beginWork()
        try embedder.embed(
            list.lines.map(\.text),
            deliver: { index, result in
                switch result {
                case .success(let embedding): try builder.set(index, embedding.vector)
                case .failure(let failure):
                    failures.append((list.lines[index].number, failure.message))
                }
            },
            cancellation: watch.cancellation
        )
        try report(failures, of: list)
        try EmbeddingFile.write(try builder.finish(), by: embedder.provenance, to: output)
        count = list.lines.count
    }

    /// Embeds texts and writes the file.
    /// - Throws: errors of encoder and files.
    func embed(_ list: EmbeddingList) throws {
        var builder = try builder(list.lines.count)
        for (index, vector) in try embedder.embed(texts: list.lines.map(\.text)).enumerated() {
            try builder.set(index, vector)
        }
        try EmbeddingFile.write(try builder.finish(), by: embedder.provenance, to: output)
        count = list.lines.count
    }

    private func builder(_ count: Int) throws -> EmbeddingIndexBuilder {
        try EmbeddingIndexBuilder(
            count: count,
            width: embedder.provenance.width,
            memoryLimit: Self.memoryLimit,
            folder: URL(fileURLWithPath: output).deletingLastPathComponent().path
        )
    }

    private func report(
        _ failures: [(number: Int, message: String)],
        of list: EmbeddingList
    ) throws {
        guard !failures.isEmpty else { return }
        let ordered = failures.sorted { $0.number < $1.number }
        for failure in ordered.prefix(Self.shownFailures) {
            Output.error("\(list.path):\(failure.number): \(failure.message)")
        }
        throw CommandError(
            .invalidData,
            "\(failures.count) of \(list.lines.count) pictures cannot be embedded, so \(output) "
                + "was not written; the others are kept: mend the list and type the command again"
        )
    }
}

// MARK: Results

extension EmbedSession {
    /// For people.
    var text: String {
        let counters = embedder.counters
        let provenance = embedder.provenance
        return """
            \(output): embeddings [\(count), \(provenance.width)] f32 by \(provenance.name)
              \(counters.encoded) encoded, \(counters.cached) found in the cache

            """
    }

    /// For programs.
    var json: String {
        let counters = embedder.counters
        let provenance = embedder.provenance
        let object: JSONValue = [
            "output": .string(output), "count": .integer(count),
            "width": .integer(provenance.width), "encoder": .string(provenance.name),
            "encoder_digest": .string(provenance.digest), "encoded": .integer(counters.encoded),
            "cached": .integer(counters.cached),
        ]
        return object.text() + "\n"
    }
}
