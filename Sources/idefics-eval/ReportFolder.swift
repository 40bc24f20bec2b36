import Foundation
import InputFiles
import Reporting

/// The folder that a report is written to.
///
/// A list of what was written lies in it: files of an earlier report that this one does not have
/// are removed, and nothing else is ever overwritten or removed.
final class ReportFolder {
    private static let listName = ".report-files"
    private let path: String
    private let earlier: Set<String>
    private var written: Set<String> = []
    /// Bytes written.
    private(set) var byteCount = 0

    /// - Throws: `CommandError` if the folder cannot be made or its list is not one.
    init(_ path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true
            )
        } catch {
            throw CommandError.usage("\(path): the folder cannot be made; --output names another")
        }
        earlier = try Self.list(path)
    }

    /// Number of files written.
    var fileCount: Int { written.count }

    /// Writes a file, whole or not at all.
    /// - Throws: `CommandError` for a file of that name which is not of a report, or a full disk.
    func write(_ file: ReportFile) throws {
        let target = path + "/" + file.path
        guard written.insert(file.path).inserted else {
            preconditionFailure("the report has two files \(file.path)")
        }
        byteCount += file.bytes.count
        if FileManager.default.fileExists(atPath: target) {
            if try InputFile(target).byteCount == file.bytes.count,
                try InputFile(target).bytes() == file.bytes
            {
                return
            }
            guard earlier.contains(file.path) else {
                throw CommandError.usage(
                    "\(target) exists and is not of a report; remove it or name another --output"
                )
            }
        }
        try put(file.bytes, at: target)
    }

    /// Removes what only an earlier report had, and writes the list.
    /// - Throws: `CommandError` if that cannot be done.
    func finish() throws {
        for stale in earlier.subtracting(written) {
            // A file that somebody removed is gone as wanted.
            try? FileManager.default.removeItem(atPath: path + "/" + stale)
        }
        let lines = written.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        try put(Array(lines.map { $0 + "\n" }.joined().utf8), at: path + "/" + Self.listName)
    }

    private func put(_ bytes: [UInt8], at target: String) throws {
        let url = URL(fileURLWithPath: target)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: url, options: .atomic)
        } catch {
            throw CommandError(
                .store,
                "\(target) cannot be written: the disk is full or the folder is not writable"
            )
        }
    }

    /// The files of an earlier report; only such as a report could have written.
    private static func list(_ folder: String) throws -> Set<String> {
        let file = folder + "/" + listName
        guard FileManager.default.fileExists(atPath: file) else { return [] }
        let text = String(decoding: try InputFile(file, limit: 64 << 20).bytes(), as: UTF8.self)
        let names = text.unicodeScalars.split(separator: "\n").map(String.init)
        for name in names {
            do {
                _ = try ContainedPath.resolve(name, inside: folder)
            } catch {
                throw CommandError.usage("\(file) is not a report's list of files; remove it")
            }
        }
        return Set(names)
    }
}
