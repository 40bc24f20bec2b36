import Foundation

/// Repeated timings of one piece of work.
struct Measurement {
    /// Seconds of each repetition, sorted.
    let seconds: [Double]

    /// Runs `body` once to warm up and then at least three times, until `budget` seconds are used.
    init(budget: Double, _ body: () throws -> Void) rethrows {
        try body()
        var samples: [Double] = []
        let clock = ContinuousClock()
        while samples.count < 3 || (samples.reduce(0, +) < budget && samples.count < 1_000) {
            let duration = try clock.measure(body)
            samples.append(duration / .seconds(1))
        }
        seconds = samples.sorted()
    }

    /// The middle repetition.
    var median: Double { seconds[seconds.count / 2] }

    /// The fastest repetition.
    var best: Double { seconds[0] }
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
        let head = "\n## \(title)\n\n| what | measured | against |\n|---|---|---|\n"
        FileHandle.standardOutput.write(Data(head.utf8))
    }

    /// Prints a row at once, so that an interrupted run keeps what it measured.
    func row(_ row: Row) {
        let line = "| \(row.name) | \(row.value) | \(row.against) |\n"
        FileHandle.standardOutput.write(Data(line.utf8))
    }
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
