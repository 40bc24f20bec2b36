import Foundation
import InputFiles
import TestSupport
import Testing

/// Only regular files of acceptable size are opened.
struct InputFileTests {
    private func file(_ folder: URL, _ name: String, _ bytes: [UInt8]) throws -> String {
        let url = folder.appendingPathComponent(name)
        try Data(bytes).write(to: url)
        return url.path
    }

    @Test func readsWholeFilesAndRanges() throws {
        try withTemporaryDirectory { folder in
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let file = try InputFile(file(folder, "a", bytes))
            #expect(file.byteCount == bytes.count)
            #expect(try file.bytes() == bytes)
            #expect(try file.contents() == bytes)
            #expect(try file.bytes(in: 70_000..<70_005) == Array(bytes[70_000..<70_005]))
            #expect(try file.bytes(in: 5..<5) == [])
            #expect(
                throws: InputFileError.truncated(path: file.path, expected: 200_001, got: 200_000)
            ) {
                try file.bytes(in: 199_999..<200_001)
            }
        }
    }

    @Test func mapsFilesEvenEmptyOnes() throws {
        try withTemporaryDirectory { folder in
            let bytes: [UInt8] = [1, 2, 3, 250]
            let path = try file(folder, "a", bytes)
            let mapping = try InputFile(path).map()
            try FileManager.default.removeItem(atPath: path)
            #expect(mapping.byteCount == 4)
            var hasher = SHA256Hasher()
            mapping.withBytes { hasher.update($0) }
            #expect(hasher.finalize() == SHA256Digest(of: bytes))
            let empty = try InputFile(file(folder, "empty", [])).map()
            #expect(empty.withBytes { $0.byteCount } == 0)
        }
    }

    @Test func refusesWhatIsNoRegularFile() throws {
        try withTemporaryDirectory { folder in
            let pipe = folder.appendingPathComponent("pipe").path
            let status = unsafe mkfifo(pipe, 0o600)
            #expect(status == 0)
            for (path, kind) in [
                (folder.path, "a folder"), (pipe, "a pipe"), ("/dev/null", "a device"),
            ] {
                #expect(throws: InputFileError.notRegular(path: path, kind: kind)) {
                    try InputFile(path)
                }
            }
        }
    }

    @Test func saysWhyAFileCannotBeOpened() throws {
        try withTemporaryDirectory { folder in
            let absent = folder.appendingPathComponent("absent").path
            #expect(throws: InputFileError.missing(path: absent)) { try InputFile(absent) }
            let path = try file(folder, "a", [1, 2, 3])
            #expect(throws: InputFileError.missing(path: path + "/b")) {
                try InputFile(path + "/b")
            }
            #expect(throws: InputFileError.tooLarge(path: path, limit: 2)) {
                try InputFile(path, limit: 2)
            }
            #expect(try InputFile(path, limit: 3).byteCount == 3)
            #expect(throws: InputFileError.self) { try InputFile(path + "\0") }
            #expect(throws: InputFileError.missing(path: "")) { try InputFile("") }
            let long = folder.path + "/" + String(repeating: "x", count: 5000)
            let error = #expect(throws: InputFileError.self) { try InputFile(long) }
            #expect(error?.description.contains("cannot be read") == true)
        }
    }

    @Test func followsSymbolicLinksToFiles() throws {
        try withTemporaryDirectory { folder in
            let path = try file(folder, "a", [7])
            let link = folder.appendingPathComponent("link").path
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
            #expect(try InputFile(link).bytes() == [7])
            #expect(try InputFile(link).identity == InputFile(path).identity)
        }
    }

    @Test func identityChangesWithTheFile() throws {
        try withTemporaryDirectory { folder in
            let path = try file(folder, "a", [1, 2])
            let before = try InputFile(path).identity
            #expect(before.byteCount == 2)
            #expect(try InputFile(path).identity == before)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1000)],
                ofItemAtPath: path
            )
            let after = try InputFile(path).identity
            #expect(after != before)
            #expect(after.modificationNanoseconds == 1_000_000_000_000)
            #expect(after.inode == before.inode)
        }
    }

    @Test func aFileThatShrinksWhileItIsReadIsAnError() throws {
        try withTemporaryDirectory { folder in
            let path = try file(folder, "a", Array(repeating: 1, count: 100))
            let file = try InputFile(path)
            try FileHandle(forUpdating: URL(fileURLWithPath: path)).truncate(atOffset: 60)
            let error = InputFileError.truncated(path: path, expected: 100, got: 60)
            #expect(throws: error) { try file.bytes() }
            #expect(throws: error) { try file.contents() }
            #expect(throws: InputFileError.self) { try file.sha256() }
        }
    }

    @Test func digestsAgreeWithPublishedOnes() throws {
        try withTemporaryDirectory { folder in
            let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            #expect(SHA256Digest(of: []).hex == empty)
            #expect(SHA256Digest(of: "abc".utf8).description == abc)
            var hasher = SHA256Hasher()
            hasher.update("a")
            hasher.update([0x62])
            #expect(hasher.finalize() != SHA256Digest(of: "abc".utf8))
            hasher.update("c")
            #expect(hasher.finalize().hex == abc)
            let path = try file(folder, "a", Array(repeating: 0x61, count: 1_000_000))
            #expect(try InputFile(path).sha256().hex == million)
            var mapped = SHA256Hasher()
            try InputFile(path).map().withBytes { mapped.update($0) }
            #expect(mapped.finalize().hex == million)
        }
    }
}
