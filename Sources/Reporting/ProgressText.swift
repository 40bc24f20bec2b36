/// Where a run stands, as one line for people.
public struct ProgressText: Sendable {
    /// Samples that are finished.
    public var finished: Int
    /// Samples of the run.
    public var total: Int
    /// Samples that failed.
    public var failed: Int
    /// Samples per second, nil if not known yet.
    public var rate: Double?
    /// Seconds that are left, nil if not known yet.
    public var remainingSeconds: Double?
    /// Headline metric and its mean so far, nil without scores.
    public var headline: (name: String, mean: Double)?
    /// Bytes of the process that are in memory.
    public var residentBytes: Int

    /// Creates a line.
    public init(
        finished: Int,
        total: Int,
        failed: Int,
        rate: Double?,
        remainingSeconds: Double?,
        headline: (name: String, mean: Double)?,
        residentBytes: Int
    ) {
        self.finished = finished
        self.total = total
        self.failed = failed
        self.rate = rate
        self.remainingSeconds = remainingSeconds
        self.headline = headline
        self.residentBytes = residentBytes
    }

    /// Such as `512/1000  0.41/s  ETA 19m50s  VQA acc. 45.1  err 0  rss 18.9G`.
    public var line: String {
        var parts = ["\(finished)/\(total)"]
        if let rate { parts.append(rate.fixed(rate < 10 ? 2 : 0) + "/s") }
        if let remainingSeconds, finished < total {
            parts.append("ETA " + Self.duration(remainingSeconds))
        }
        if let headline {
            let display = MetricDisplay(metric: headline.name)
            parts.append("\(display.title) \(display.text(headline.mean))")
        }
        parts.append("err \(failed)")
        parts.append("rss " + Self.bytes(residentBytes))
        return parts.joined(separator: "  ")
    }

    /// A bar such as `[#####-----]`.
    /// - Parameter width: characters between the brackets, ≥ 1.
    /// - Returns: the bar.
    public func bar(width: Int) -> String {
        let filled = total > 0 ? width * finished / total : width
        return "[" + String(repeating: "#", count: filled)
            + String(repeating: "-", count: width - filled) + "]"
    }

    /// Such as `45s`, `19m50s`, `2h05m`.
    package static func duration(_ seconds: Double) -> String {
        let whole = Int(min(seconds.rounded(), 1e9))
        let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        if whole < 60 { return "\(whole)s" }
        if whole < 3600 { return "\(whole / 60)m\(two(whole % 60))s" }
        return "\(whole / 3600)h\(two(whole / 60 % 60))m"
    }

    /// Such as `812M`, `18.9G`.
    package static func bytes(_ count: Int) -> String {
        let mega = Double(count) / 1e6
        return mega < 1000 ? mega.fixed(0) + "M" : (mega / 1000).fixed(1) + "G"
    }
}
