import Foundation
import Reporting

/// The folder that a report is written to.
///
/// A list of what was written lies in it: files of an earlier report that this one does not have
/// are removed, and nothing else is ever overwritten or removed. A name is on the list before its
/// file is there, so a report that was killed is an earlier one to the next.
final class ReportFolder {
    private let path: String
    private let list: ReportList
    private var written: Set<String> = []
    private var checkedFolders: Set<String> = []
    /// Bytes written.
    private(set) var byteCount = 0

    /// - Throws: `CommandError` if the folder cannot be made, its list is not one, or another
    ///   report is being written there.
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
        list = try ReportList(path)
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
        try checkFolders(of: file.path)
        switch Self.type(of: target) {
        case nil: break
        case .typeRegular? where FileManager.default.contents(atPath: target) == Data(file.bytes):
            return try list.add(file.path)
        case .typeRegular? where list.names.contains(file.path): break
        default:
            throw CommandError.usage(
                "\(target) exists and is not of a report; remove it or name another --output"
            )
        }
        try list.add(file.path)
        try put(file.bytes, at: target)
    }

    /// Removes what only an earlier report had, and shortens the list.
    /// - Throws: `CommandError` if that cannot be done.
    func finish() throws {
        for stale in list.names.subtracting(written) where isOfReport(stale) {
            // A file that somebody removed is gone as wanted.
            try? FileManager.default.removeItem(atPath: path + "/" + stale)
        }
        let lines = written.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        try put(Array(lines.map { $0 + "\n" }.joined().utf8), at: list.path)
    }

    /// Reports have regular files in folders; a link or folder of that name is somebody's.
    private func isOfReport(_ name: String) -> Bool {
        Self.folders(of: name).allSatisfy { Self.type(of: path + "/" + $0) == .typeDirectory }
            && Self.type(of: path + "/" + name) == .typeRegular
    }

    /// - Throws: `CommandError` for a folder of the report that leads elsewhere.
    private func checkFolders(of name: String) throws {
        for folder in Self.folders(of: name) where checkedFolders.insert(folder).inserted {
            let type = Self.type(of: path + "/" + folder)
            guard type == nil || type == .typeDirectory else {
                throw CommandError.usage(
                    "\(path)/\(folder) is a link or file, a report needs a folder there; "
                        + "remove it or name another --output"
                )
            }
        }
    }

    /// The folders that a file lies in: `a`, `a/b` of `a/b/c`.
    private static func folders(of name: String) -> [String] {
        let parts = name.split(separator: "/")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
    }

    /// What is there, links not followed; nil if nothing is.
    private static func type(of path: String) -> FileAttributeType? {
        // What cannot be looked at cannot be written either, which says why.
        try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
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
}
