import Foundation
import TestSupport
import Testing

struct HelpTests {
    static let verbs = [
        [], ["run"], ["infer"], ["score"], ["tasks"], ["tasks", "list"], ["tasks", "show"],
        ["tasks", "prompt"], ["runs"], ["samples"], ["table"], ["embed"], ["plan"],
        ["compare"], ["gate"], ["report"],
    ]

    @Test(arguments: verbs)
    func everyVerbTeachesByExample(verb: [String]) throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run(verb + ["--help"])
            #expect(result.status == 0)
            #expect(result.errors.isEmpty)
            #expect(result.output.contains("EXAMPLES"))
            for line in result.lines { #expect(line.unicodeScalars.count <= 100, "\(line)") }
            let name = (["idefics-eval"] + verb).joined(separator: "-")
            try golden(result.output, named: "help/\(name).txt")
        }
    }

    @Test func versionIsOneLine() throws {
        try withTemporaryDirectory { folder in
            let result = try CommandRunner(in: folder).run(["--version"])
            #expect(result.status == 0)
            #expect(result.lines.count == 1)
        }
    }
}
