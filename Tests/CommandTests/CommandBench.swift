import Foundation
import StrictJSON
import TestSupport

/// A tiny data root with real pictures and a folder to run commands in.
struct CommandBench {
    let folder: URL
    var runner: CommandRunner
    let data: String

    /// Runs `body` with a bench in a folder of its own.
    static func with(
        queries: Int = 6,
        supports: Int = 12,
        _ body: (CommandBench) throws -> Void
    ) throws {
        try withTemporaryDirectory { folder in
            var tiny = TinyVQA()
            tiny.queryCount = queries
            tiny.supportCount = supports
            let pictures = try demoPictures()
            tiny.picture = { pictures[$0 % pictures.count] }
            let bench = CommandBench(
                folder: folder,
                runner: CommandRunner(in: folder),
                data: try tiny.write(to: folder.appendingPathComponent("data"))
            )
            try body(bench)
        }
    }

    /// Runs a command on the tiny data root with the demo checkpoint.
    @discardableResult
    func run(_ arguments: String..., data: Bool = true) throws -> CommandResult {
        try runner.run(data ? arguments + ["--data", self.data] : arguments)
    }

    /// The arguments of a run of two shots that needs no more than a second.
    var runArguments: [String] {
        ["run", "vqav2", "--shots", "2", "--threads", "1", "--data", data, "--json"]
    }

    /// The path of a file below the data root.
    func file(_ path: String) -> URL { URL(fileURLWithPath: data).appendingPathComponent(path) }

    private static func demoPictures() throws -> [Data] {
        let folder = repositoryRoot.appendingPathComponent("demo/data/coco/val2014")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try names.prefix(8).map { try Data(contentsOf: folder.appendingPathComponent($0)) }
    }
}

extension CommandResult {
    /// The lines of stdout as JSON objects.
    func objects() throws -> [JSONObject] {
        try lines.map { line in
            guard
                case .object(let object) = try JSONValue(
                    parsing: Array(line.utf8),
                    source: "stdout"
                )
            else { throw NotAnObject(line: line) }
            return object
        }
    }

    private struct NotAnObject: Error {
        let line: String
    }
}

extension CommandBench {
    func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(path))
    }

    func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(
            atPath: folder.appendingPathComponent(path).standardized.path
        )
    }

    func samplePages() throws -> [String] {
        let names = try text("reports/.report-files").split(separator: "\n")
        return try names.filter { $0.hasSuffix("-samples.html") }.map { try text("reports/\($0)") }
    }
}
