import InputFiles
import Testing

/// Names from data files stay in their folder.
struct ContainedPathTests {
    @Test(arguments: [
        ("a.jpg", "/data/a.jpg"), ("a/b/c.jpg", "/data/a/b/c.jpg"), ("./a", "/data/./a"),
        ("a//b", "/data/a//b"), ("...", "/data/..."), ("..a", "/data/..a"), ("a..", "/data/a.."),
        ("%2e%2e/a", "/data/%2e%2e/a"), ("..\\a", "/data/..\\a"), ("a.", "/data/a."),
        ("\u{E9} b", "/data/\u{E9} b"),
    ])
    func ordinaryNamesAreJoined(name: String, path: String) throws {
        #expect(try ContainedPath.resolve(name, inside: "/data") == path)
        #expect(try ContainedPath.resolve(name, inside: "/data/") == path)
    }

    @Test(arguments: [
        "", "/etc/passwd", "..", "../a", "a/../b", "a/../../b", "a/..", "./../a", "a\0b", "//a",
    ])
    func namesThatLeadOutAreRefused(name: String) {
        let error = #expect(throws: InputFileError.self) {
            try ContainedPath.resolve(name, inside: "/data")
        }
        #expect(error?.description.contains("must stay inside") == true)
    }

    @Test(arguments: ["", "a/b", "/a", "..", ".", "../a", "a\0"])
    func aShardIndexNamesPlainFiles(name: String) {
        #expect(throws: InputFileError.self) {
            try ContainedPath.resolve(fileName: name, inside: "/model")
        }
    }

    @Test func aPlainFileNameIsJoined() throws {
        let path = try ContainedPath.resolve(fileName: "model-1.safetensors", inside: "/model")
        #expect(path == "/model/model-1.safetensors")
    }
}
