internal import Foundation
internal import InputFiles

/// The folder that holds the datasets in their official files (contracts.md section 6).
struct DataRoot: Sendable {
    /// Absolute path.
    let path: String

    init(_ path: String) {
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        self.path = isAbsolute ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    /// Opens an official file, or its `.gz` where only that exists.
    /// - Throws: `TasksError` naming a missing file and where it comes from; `InputFileError`.
    func open(_ file: OfficialFile) throws -> InputFile {
        let plain = try ContainedPath.resolve(file.path, inside: path)
        for candidate in [plain, plain + ".gz"] {
            do {
                return try InputFile(candidate)
            } catch InputFileError.missing { continue }
        }
        throw TasksError(
            .data,
            at: plain,
            "no such file, nor \(file.path).gz; it comes from \(file.from) and belongs there "
                + "(--data names the folder above it)"
        )
    }

    /// The absolute path of a file that a dataset names.
    /// - Throws: `InputFileError` if the name leads out of the root.
    func resolve(_ name: String) throws -> String {
        try ContainedPath.resolve(name, inside: path)
    }
}
