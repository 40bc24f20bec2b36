import Foundation
import Tasks

/// Prints what the machine gives and what the engine and the harness take of it.
///
///     benchmarks [--checkpoint DIR] [--threads N] [--smoke]
///     benchmarks --search INDEX QUERIES --neighbours K [--threads N]
///     benchmarks --products [--threads N]
///
/// Run it in the repository: it reads `demo`, `tasks` and a picture of the tests. `--smoke` runs
/// every benchmark once with tiny sizes, to see that it works; its figures mean nothing. `--search`
/// is one side of `tools/rivals/search_faiss.py`, `--products` one of `tools/rivals/products.py`.
@main
struct Benchmarks {
    static func main() throws {
        let arguments = Arguments(CommandLine.arguments)
        if let request = arguments.search {
            return try SearchBenchmarks.search(request, threads: arguments.threads)
        }
        if arguments.servesProducts {
            return try ProductServer(threads: arguments.threads).run()
        }
        let inputs = try Inputs()
        let printer = ResultPrinter()
        let effort = Effort(isSmoke: arguments.isSmoke)
        let start = ContinuousClock.now
        printer.line(
            "# Benchmarks\n\n\(processorName()), \(arguments.threads) threads, "
                + "load \(loadAverage()) at start"
        )
        // The harness comes first: its peak memory is that of the process.
        try HarnessBenchmarks(inputs: inputs, effort: effort, printer: printer).run()
        StartBenchmarks(effort: effort, printer: printer).run()
        try TextBenchmarks(inputs: inputs, effort: effort, printer: printer).run()
        try ImageBenchmarks(inputs: inputs, effort: effort, printer: printer).run()
        try MetricBenchmarks(inputs: inputs, effort: effort, printer: printer).run()
        try CaptionBenchmarks(effort: effort, printer: printer).run()
        try compute(arguments, effort, printer)
        let seconds = start.duration(to: .now) / .seconds(1)
        printer.line("\nload \(loadAverage()) at end, after \(fixed(seconds, 0)) s")
    }

    private static func compute(
        _ arguments: Arguments,
        _ effort: Effort,
        _ printer: ResultPrinter
    ) throws {
        let threads = arguments.threads
        let kernels = KernelBenchmarks(threads: threads, effort: effort, printer: printer)
        let peak = try kernels.run()
        let bandwidth = kernels.bandwidth()
        try SearchBenchmarks(threads: threads, effort: effort, printer: printer).run()
        try EngineBenchmarks(
            checkpoint: arguments.checkpoint,
            threads: threads,
            effort: effort,
            printer: printer,
            peak: peak,
            bandwidth: bandwidth
        ).run()
    }
}

/// What the benchmarks read, relative to the repository's root.
struct Inputs {
    let task: TaskDefinition
    let data = URL(fileURLWithPath: "demo/data")
    /// The checkpoint whose tokenizer is measured.
    let tokenizerCheckpoint = URL(fileURLWithPath: "demo/checkpoint")
    let picture = URL(fileURLWithPath: "Tests/ImagesTests/Fixtures/jwide.jpg")

    init() throws { task = try TaskCatalog.definition("tasks/vqav2.yaml") }
}

/// The command line.
struct Arguments {
    let checkpoint: URL
    let threads: Int
    let isSmoke: Bool
    let servesProducts: Bool
    let search: SearchRequest?

    init(_ words: [String]) {
        func value(_ flag: String, _ place: Int = 1) -> String? {
            words.firstIndex(of: flag).flatMap {
                words.indices.contains($0 + place) ? words[$0 + place] : nil
            }
        }
        checkpoint = URL(fileURLWithPath: value("--checkpoint") ?? "demo/checkpoint")
        threads =
            value("--threads").flatMap(Int.init) ?? ProcessInfo.processInfo.activeProcessorCount
        isSmoke = words.contains("--smoke")
        servesProducts = words.contains("--products")
        search = value("--search").flatMap { index in
            value("--search", 2).map { queries in
                SearchRequest(
                    index: index,
                    queries: queries,
                    count: value("--neighbours").flatMap(Int.init) ?? 16
                )
            }
        }
    }
}
