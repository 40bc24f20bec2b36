import EvalCore
import Foundation
import InputFiles

/// This program and the machine that it runs on, as a run's attempt records them.
enum Host {
    /// Version of the tool.
    static let toolVersion = "0.1.0"

    /// Describes this process.
    /// - Parameters:
    ///   - threads: worker threads.
    ///   - home: where the tool's own repository may lie.
    /// - Returns: the description.
    static func attempt(threads: Int, home: Home) -> AttemptDescription {
        AttemptDescription(
            toolVersion: toolVersion,
            commit: commit(of: home.path),
            cpu: value(of: "model name", in: text("/proc/cpuinfo"), separator: ":")
                ?? "unknown CPU",
            system: system,
            threads: threads,
            processID: ProcessInfo.processInfo.processIdentifier,
            bootID: trimmed(text("/proc/sys/kernel/random/boot_id"))
        )
    }

    /// The version of this program's file; nil where it cannot be told.
    static var program: FileIdentity? {
        Bundle.main.executablePath.flatMap { try? InputFile($0).identity }
    }

    /// Bytes of this process that are in memory.
    static var residentBytes: Int {
        let pages = text("/proc/self/statm").split(separator: " ").dropFirst().first
        return (pages.flatMap { Int($0) } ?? 0) * pageBytes
    }

    /// The most bytes of this process that ever were in memory.
    static var peakResidentBytes: Int {
        let line = value(of: "VmHWM", in: text("/proc/self/status"), separator: ":") ?? ""
        return (line.split(separator: " ").first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// What a process takes without an engine, to plan with before annotations are read: code and
    /// libraries, and room for the largest annotation files.
    static var harnessBytes: Int { residentBytes + 256 << 20 }

    private static let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

    private static var system: String {
        let name = value(of: "PRETTY_NAME", in: text("/etc/os-release"), separator: "=")
        let kernel = trimmed(text("/proc/sys/kernel/osrelease"))
        return (name?.filter { $0 != "\"" } ?? "Linux") + ", kernel " + kernel
    }

    /// The commit that was checked out in a repository when this program was built, read without
    /// git; nil where that cannot be told.
    ///
    /// Git keeps a line per change of HEAD, with its time; a program that has not been built since
    /// is not of the newest one.
    private static func commit(of folder: String) -> String? {
        let changes = text(folder + "/.git/logs/HEAD").split(separator: "\n")
        guard !changes.isEmpty, let program else { return head(of: folder) }
        let built = program.modificationNanoseconds / 1_000_000_000
        let change = changes.last { change in
            let fields = change.prefix { $0 != "\t" }.split(separator: " ")
            return fields.dropLast().last.flatMap { Int($0) }.map { $0 <= built } ?? false
        }
        return change?.split(separator: " ").dropFirst().first.map(String.init)
    }

    /// The commit that is checked out.
    private static func head(of folder: String) -> String? {
        let head = trimmed(text(folder + "/.git/HEAD"))
        guard head.hasPrefix("ref: ") else { return head.isEmpty ? nil : head }
        let reference = head.dropFirst(5)
        let loose = trimmed(text(folder + "/.git/" + reference))
        if !loose.isEmpty { return loose }
        let packed = text(folder + "/.git/packed-refs").split(separator: "\n")
            .first { $0.hasSuffix(" " + reference) }
        return packed?.split(separator: " ").first.map(String.init)
    }

    /// What follows `key` and the separator in the first line that starts with the key.
    private static func value(of key: String, in text: String, separator: Character) -> String? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        return line?.split(separator: separator, maxSplits: 1).last.map { trimmed(String($0)) }
    }

    private static func trimmed(_ text: String) -> String {
        text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A file's text; a system that has no such file just tells less about itself.
    private static func text(_ path: String) -> String {
        (try? Data(contentsOf: URL(fileURLWithPath: path)))
            .map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
