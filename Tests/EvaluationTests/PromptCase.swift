import EvalCore
import Evaluation
import Foundation
import Tasks
import TestSupport
import Testing

/// One task × protocol × variant × number of shots, with its golden in `Tests/Goldens/prompts`.
struct PromptCase: Sendable, CustomTestStringConvertible {
    let task: String
    let promptProtocol: String
    let variant: String
    let shots: Int

    init(_ task: String, _ promptProtocol: String, _ variant: String, shots: Int) {
        self.task = task
        self.promptProtocol = promptProtocol
        self.variant = variant
        self.shots = shots
    }

    /// The golden's name without its ending.
    var name: String { "\(task).\(promptProtocol).\(variant).\(shots)" }

    /// Names of its goldens, without their endings.
    var goldenNames: [String] {
        [name] + (promptProtocol == "openflamingo" ? [name + ".endofchunk"] : [])
    }

    var testDescription: String { name }

    /// Names of the goldens there are, without their endings.
    static func storedGoldens() throws -> Set<String> {
        let files = try FileManager.default.contentsOfDirectory(atPath: goldens.path)
        return Set(files.map { $0.hasSuffix(".txt") ? String($0.dropLast(4)) : $0 })
    }

    /// The prompt of a query, as a run would make it: of the first in file order, or of the one
    /// whose id is given.
    func preview(
        variant: String? = nil,
        sample: String? = nil,
        encoder: (any PromptEncoder)? = nil,
        change: (inout RunRequest) -> Void = { _ in }
    ) throws -> PromptPreview {
        var request = try request()
        request.variant = variant ?? self.variant
        change(&request)
        // Counting beyond the last sample throws, naming the split.
        var index = 0
        while true {
            let preview = try PromptPreview(of: index, in: request, encoder: encoder)
            if sample == nil || preview.query.sample.id == sample { return preview }
            index += 1
        }
    }

    /// Compares a prompt with the golden below its first line, which names protocol sections.
    func expectGolden(of preview: PromptPreview, suffix: String = "") throws {
        let file = goldens.appendingPathComponent("\(name)\(suffix).txt")
        let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let lines = golden.components(separatedBy: "\n")
        #expect(lines.first?.hasPrefix("# protocol.md: ") == true)
        #expect(try self.lines(of: preview) == Array(lines.dropFirst()))
    }

    /// Compares the prompt for a tokenizer that knows `<|endofchunk|>` with its golden.
    func expectEndOfChunkGolden() throws {
        let encoder = ByteEncoder(knownTokens: ["<s>", "</s>", "<|endofchunk|>"])
        try expectGolden(of: preview(encoder: encoder), suffix: ".endofchunk")
    }

    /// The fixture's data root; its shots are the listed ones wherever there is a list.
    private func request() throws -> RunRequest {
        var request = RunRequest(task: try definition, dataRoot: dataRoot.path, shots: shots)
        request.promptProtocol = promptProtocol
        let list = fixtures.appendingPathComponent("shots/\(task).\(promptProtocol).\(shots).txt")
        if FileManager.default.fileExists(atPath: list.path) {
            request.selection = .fixed(file: list.path)
        }
        return request
    }

    private var definition: TaskDefinition {
        get throws {
            let file = repositoryRoot.appendingPathComponent("tasks/\(task).yaml")
            return try TaskCatalog.definition(file.path)
        }
    }

    private func lines(of preview: PromptPreview) throws -> [String] {
        let query = preview.query
        let shots = query.shots.map(\.sample.id).joined(separator: ", ")
        let textOnly = query.shotsAreTextOnly ? " (text only)" : ""
        var lines = [
            "task: \(preview.task)", "protocol: \(promptProtocol)", "variant: \(variant)",
            "id: \(query.sample.id)", "shots: \(shots.isEmpty ? "none" : shots)\(textOnly)",
            "stop: [\(preview.stop.map(\.quoted).joined(separator: ", "))]",
        ]
        let format = try definition.promptFormat(protocol: promptProtocol, variant: variant)
        if let rule = format.response.candidates {
            let encodings = Set(query.prompts.map(\.candidateEncoding.rawValue)).sorted()
            let scoring = encodings + [rule.likelihood.rawValue]
            lines.append("candidates: \(scoring.joined(separator: ", "))")
        }
        for prompt in query.prompts {
            lines += prompt.segments.map(\.golden)
            lines.append("joined \(prompt.text.quoted)")
            lines += prompt.candidates.map { candidate in
                "candidate " + candidate.map(\.golden).joined(separator: " ")
            }
        }
        return lines + [""]
    }
}

private let goldens = repositoryRoot.appendingPathComponent("Tests/Goldens/prompts")
private let fixtures = fixturesDirectory().appendingPathComponent("prompts")
private let dataRoot = fixtures.appendingPathComponent("data")

extension Segment {
    /// The segment as goldens write it.
    fileprivate var golden: String {
        switch self {
        case .markup(let text): "markup \(text.quoted)"
        case .text(let text): "text \(text.quoted)"
        case .image(let image): "image \(image.path.relative(to: dataRoot.path))"
        }
    }
}

extension String {
    /// The text as a JSON string of ASCII alone, so that goldens show every scalar.
    fileprivate var quoted: String {
        let body = utf16.map { unit in
            switch unit {
            case 0x0A: "\\n"
            case 0x0D: "\\r"
            case 0x09: "\\t"
            case 0x22: "\\\""
            case 0x5C: "\\\\"
            case 0x20...0x7E: String(UnicodeScalar(UInt8(unit)))
            default: "\\u" + String(0x1_0000 + Int(unit), radix: 16).dropFirst()
            }
        }
        return "\"\(body.joined())\""
    }

    /// The path below `folder`, or all of it if it does not stand there.
    fileprivate func relative(to folder: String) -> String {
        hasPrefix(folder + "/") ? String(dropFirst(folder.count + 1)) : self
    }
}
