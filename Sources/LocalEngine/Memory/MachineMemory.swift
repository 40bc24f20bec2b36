import Foundation

/// How much memory this process may take.
public enum MachineMemory {
    /// Bytes that can be had without swapping: what the system calls available, within the limit
    /// of the process's control group; nil where the system does not say.
    public static var availableByteCount: Int? {
        let system = text("/proc/meminfo").flatMap(available)
        let group = groupRoom
        return [system, group].compactMap(\.self).min()
    }

    /// What an engine takes unless told: what is available, less a margin for everybody else.
    public static var defaultLimit: Int? {
        availableByteCount.map { $0 - max($0 / 10, min($0 / 2, 512 << 20)) }
    }

    /// `MemAvailable` of `/proc/meminfo`.
    package static func available(_ text: String) -> Int? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") })
        else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// What the control group still allows; nil without a limit.
    ///
    /// Pages of files count as used there, but are given back first: only memory without a file
    /// behind it is taken off.
    private static var groupRoom: Int? {
        let files = [
            ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.stat", "anon"),
            (
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.stat", "total_rss"
            ),
        ]
        for (limit, statistics, key) in files {
            guard let limit = number(limit), let text = text(statistics) else { continue }
            return max(0, limit - (value(of: key, in: text) ?? 0))
        }
        return nil
    }

    /// The number behind `key` and a space in the lines of a text.
    package static func value(of key: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(key + " ") }
        return line.flatMap { Int($0.dropFirst(key.count + 1)) }
    }

    /// A number in a file; nil for `max`, and where there is no such file.
    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private static func text(_ path: String) -> String? {
        (try? Data(contentsOf: URL(fileURLWithPath: path)))
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
