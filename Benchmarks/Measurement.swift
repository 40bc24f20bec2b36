import Foundation

/// How much work and time goes into each figure.
struct Effort {
    /// True to do everything once with tiny sizes: it shows that things work, figures mean nothing.
    let isSmoke: Bool
    /// Seconds that the repetitions of one measurement may take.
    let budget = 0.6

    /// A size for real figures, or the one that only shows that things work.
    func size(_ full: Int, smoke: Int) -> Int { isSmoke ? smoke : full }
}

/// Repeated timings of one piece of work.
struct Measurement {
    /// Seconds of each repetition, sorted.
    let seconds: [Double]

    /// Runs `body` once to warm up and then at least three times, until the budget is used.
    init(_ effort: Effort, _ body: () throws -> Void) rethrows {
        let clock = ContinuousClock()
        var samples: [Double] = []
        var total = 0.0
        if !effort.isSmoke { try body() }
        repeat {
            let duration = try clock.measure(body) / .seconds(1)
            samples.append(duration)
            total += duration
        } while !effort.isSmoke
            && (samples.count < 3 || (total < effort.budget && samples.count < 1_000))
        seconds = samples.sorted()
    }

    /// The middle repetition.
    var median: Double { seconds[seconds.count / 2] }

    /// The fastest repetition.
    var best: Double { seconds[0] }
}

/// A bound that a figure is held against.
enum Aim {
    /// The figure is to stay below.
    case under(Double)
    /// The figure is to reach at least this.
    case atLeast(Double)

    /// The aim and whether `value` meets it.
    func verdict(on value: Double, _ unit: String) -> String {
        switch self {
        case .under(let bound):
            "aim under \(plain(bound)) \(unit): \(value < bound ? "met" : "missed")"
        case .atLeast(let bound):
            "aim \(plain(bound)) \(unit): \(value >= bound ? "met" : "missed")"
        }
    }

    private func plain(_ value: Double) -> String { String(format: "%g", value) }
}

/// One line of the result table.
struct Row {
    /// What was measured.
    var name: String
    /// The rate or time, with its unit.
    var value: String
    /// What it is held against, and the ratio.
    var against: String
}

/// Collects rows and prints them as markdown, section by section.
struct ResultPrinter {
    /// Prints a section's head.
    func section(_ title: String) {
        line("\n## \(title)\n\n| what | measured | against |\n|---|---|---|")
    }

    /// Prints a row.
    func row(_ row: Row) { line("| \(row.name) | \(row.value) | \(row.against) |") }

    /// Prints a line at once, so that an interrupted run keeps what it measured.
    func line(_ text: String) { FileHandle.standardOutput.write(Data("\(text)\n".utf8)) }
}

/// The machine's one-minute load average, which tells how far to trust the figures.
func loadAverage() -> String {
    let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)  // none off Linux
    return text?.split(separator: " ").first.map(String.init) ?? "unknown"
}

/// The CPU's name.
func processorName() -> String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        ?? "unknown CPU"
}

/// A number with a fixed count of digits.
func fixed(_ value: Double, _ digits: Int = 1) -> String {
    String(format: "%.\(digits)f", value)
}

/// The most bytes of this process that ever were in memory; 0 off Linux.
func peakResidentBytes() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    return (kilobytes.flatMap { Int($0) } ?? 0) * 1_024
}

/// Runs `body` with an empty folder, which is removed afterwards.
func withTemporaryFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("benchmarks-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // left to the system otherwise
    try body(folder)
}
