import Foundation

/// How many processors this process may keep busy.
public enum ProcessorCount {
    /// Processors of the affinity mask, at most what the control group's quota pays for; at
    /// least 1.
    public static var available: Int {
        let processors = max(ProcessInfo.processInfo.activeProcessorCount, 1)
        return min(processors, quota() ?? processors)
    }

    /// Whole processors that the control group's quota amounts to, rounded up; nil without a limit.
    private static func quota() -> Int? {
        if let limit = numbers(in: "/sys/fs/cgroup/cpu.max"), limit.count == 2 {
            return processors(quota: limit[0], period: limit[1])
        }
        guard let quota = numbers(in: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us")?.first,
            let period = numbers(in: "/sys/fs/cgroup/cpu/cpu.cfs_period_us")?.first
        else { return nil }
        return processors(quota: quota, period: period)
    }

    package static func processors(quota: Int, period: Int) -> Int? {
        guard quota > 0, period > 0 else { return nil }
        let (sum, overflow) = quota.addingReportingOverflow(period - 1)
        return overflow ? nil : max(sum / period, 1)
    }

    /// The integers of a one-line file; nil if there is no such file or it says "max".
    private static func numbers(in path: String) -> [Int]? {
        // A machine without this file has no such limit.
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
        let words = data.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        let values = words.map { Int(String(decoding: $0, as: UTF8.self)) }
        let known = values.compactMap { $0 }
        return known.isEmpty || known.count != values.count ? nil : known
    }
}
