import EvalCore
import Foundation
import StrictJSON

/// The file that `--stats` of `infer` and `run` writes (contracts.md section 2).
enum StatisticsFile {
    /// Refuses, before hours of work, a path that cannot become a file.
    /// - Throws: `CommandError`.
    static func check(_ path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard isFolder(folder) else {
            throw CommandError.usage("--stats \(path): no folder \(folder); make it first")
        }
        guard !path.isEmpty, !isFolder(path) else {
            throw CommandError.usage("--stats \"\(path)\": is a folder, expected a file's name")
        }
    }

    /// Writes an engine's counters.
    /// - Throws: `CommandError` if the file cannot be written.
    static func write(_ engine: any Engine, to path: String) throws {
        try write(engine.statistics, engine.provenance, to: path)
    }

    /// Writes counters, all zero where no engine was needed.
    /// - Throws: `CommandError` if the file cannot be written.
    static func write(
        _ statistics: EngineStatistics,
        _ provenance: EngineProvenance,
        to path: String
    ) throws {
        let text = value(statistics, provenance).text(.pretty) + "\n"
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandError.usage("--stats \(path): \(error.localizedDescription)")
        }
    }

    private static func value(
        _ statistics: EngineStatistics,
        _ provenance: EngineProvenance
    ) -> JSONValue {
        [
            "precision": .string(provenance.precision),
            "kernel_set": .string(provenance.kernelSet),
            "threads": .integer(statistics.threads),
            "load_seconds": .number(statistics.loadSeconds),
            "run_seconds": .number(statistics.runSeconds),
            "requests": .integer(statistics.requests),
            "prompt_tokens": .integer(statistics.promptTokens),
            "forwarded_tokens": .integer(statistics.forwardedTokens),
            "generated_tokens": .integer(statistics.generatedTokens),
            "images": .integer(statistics.images),
            "images_encoded": .integer(statistics.imagesEncoded),
            "peak_rss_bytes": .integer(Host.peakResidentBytes),
        ]
    }
}
