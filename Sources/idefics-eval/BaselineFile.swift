import Comparison
import Foundation
import InputFiles

/// The file that a baseline is exported to and read from.
enum BaselineFile {
    /// Where `gate --save` exports baselines.
    static let folder = "results/baselines"
    /// A card of full-size runs takes half of it.
    private static let limit = 1 << 30

    /// Where the baseline of a name is exported unless told otherwise.
    static func path(of name: String) -> String { "\(folder)/\(name).json" }

    /// Checks a name: it becomes a file's.
    /// - Throws: `CommandError`.
    static func check(name: String) throws {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("."), !name.hasSuffix(".json") else {
            throw CommandError.usage(
                "--save \"\(name)\": expected a name of letters, digits, - _ and . that does not "
                    + "end in .json; --export names the file"
            )
        }
    }

    /// Reads a baseline.
    /// - Throws: `ComparisonError`; `InputFileError` if it is no file, or an enormous one.
    static func read(_ path: String) throws -> Baseline {
        try Baseline(Data(try InputFile(path, limit: limit).bytes()), path: path)
    }

    /// Where an export to a path goes, links followed.
    /// - Throws: `CommandError` if something else than a baseline is there.
    static func target(of path: String) throws -> String {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let manager = FileManager.default
        // A link that leads nowhere has attributes, but no file.
        guard (try? manager.attributesOfItem(atPath: target)) != nil else { return target }
        let start = try? InputFile(target).bytes().prefix(head.count)
        guard let start, start.isEmpty || start.elementsEqual(head) else {
            throw CommandError.usage(
                "\(path) exists and is no baseline; remove it or name another --export"
            )
        }
        return target
    }

    /// What every baseline begins with.
    private static let head = Array("{\"format\":".utf8)

    /// Writes a baseline, whole or not at all.
    /// - Throws: `CommandError` if it cannot be written.
    static func write(_ baseline: Baseline, to target: String) throws {
        let url = URL(fileURLWithPath: target)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try baseline.data.write(to: url, options: .atomic)
        } catch {
            throw CommandError(.store, "\(target) cannot be written: \(error.localizedDescription)")
        }
    }
}
