import Foundation

/// Prints what the machine gives and what the engine and the harness take of it.
///
///     benchmarks [--checkpoint DIR] [--threads N] [--smoke]
///
/// `--smoke` runs every benchmark once, to see that it works; its figures mean nothing.
@main
struct Benchmarks {
    static func main() throws {
        let arguments = Arguments(CommandLine.arguments)
        let printer = ResultPrinter()
        let budget = arguments.isSmoke ? 0 : 0.6
        let threads = arguments.threads
        print(
            "# Benchmarks\n\n\(processorName()), \(threads) threads, load \(loadAverage()) at start"
        )
        let kernels = KernelBenchmarks(threads: threads, budget: budget, printer: printer)
        let peak = try kernels.run()
        let bandwidth = kernels.bandwidth()
        try EngineBenchmarks(
            checkpoint: arguments.checkpoint,
            threads: threads,
            budget: budget,
            printer: printer,
            peak: peak.bf16,
            bandwidth: bandwidth
        ).run()
        print("\nload \(loadAverage()) at end")
    }
}

/// The command line.
struct Arguments {
    let checkpoint: URL
    let threads: Int
    let isSmoke: Bool

    init(_ words: [String]) {
        func value(_ flag: String) -> String? {
            words.firstIndex(of: flag).flatMap {
                words.indices.contains($0 + 1) ? words[$0 + 1] : nil
            }
        }
        checkpoint = URL(fileURLWithPath: value("--checkpoint") ?? "demo/checkpoint")
        threads =
            value("--threads").flatMap(Int.init) ?? ProcessInfo.processInfo.activeProcessorCount
        isSmoke = words.contains("--smoke")
    }
}
