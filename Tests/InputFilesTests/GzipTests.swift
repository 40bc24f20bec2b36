import Foundation
import InputFiles
import TestSupport
import Testing

/// Compressed files read like plain ones; damage is named.
struct GzipTests {
    /// `printf 'hello, gzip\n' | gzip -n`.
    static let hello: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9,
        0xD7, 0x51, 0x48, 0xAF, 0xCA, 0x2C, 0xE0, 0x02, 0x00, 0x86, 0x1F, 0x82, 0xA4, 0x0C, 0x00,
        0x00, 0x00,
    ]
    static let text = Array("hello, gzip\n".utf8)

    private func contents(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> [UInt8] {
        try withTemporaryDirectory { folder in
            let url = folder.appendingPathComponent("a.gz")
            try Data(bytes).write(to: url)
            return try InputFile(url.path).contents(limit: limit)
        }
    }

    @Test func decompressesByContentNotByName() throws {
        #expect(try contents(Self.hello) == Self.text)
        #expect(try contents(Self.text) == Self.text)
        #expect(try contents([]) == [])
        #expect(try contents([0x1F]) == [0x1F])
    }

    @Test func membersFollowEachOther() throws {
        #expect(try contents(Self.hello + Self.hello) == Self.text + Self.text)
        #expect(try contents(Self.hello + [0, 0, 0]) == Self.text, "padding is no damage")
    }

    @Test func everyCutIsAnError() {
        for count in 2..<Self.hello.count {
            let error = #expect(throws: InputFileError.self) {
                try contents(Array(Self.hello[..<count]))
            }
            #expect(error?.description.contains("a.gz: the gzip data end too early") == true)
        }
    }

    @Test func damageIsAnError() {
        for index in [2, 3, 14, 18, 24, 27, 28] {
            var bytes = Self.hello
            bytes[index] ^= 0xFF
            #expect(throws: InputFileError.self, "byte \(index)") { try contents(bytes) }
        }
        let error = #expect(throws: InputFileError.self) { try contents(Self.hello + [0x41]) }
        #expect(error?.description.contains("other bytes follow") == true)
    }

    @Test func theContentIsBoundedNotTheFile() throws {
        #expect(try contents(Self.hello, limit: 12) == Self.text)
        #expect(throws: InputFileError.self) { try contents(Self.hello, limit: 11) }
    }

    @Test func chunksOfALongFileJoinToItsContent() throws {
        let folder = fixturesDirectory()
        let reader = try InputFile(folder.appendingPathComponent("lines.txt.gz").path).chunks()
        #expect(reader.isCompressed)
        var joined: [UInt8] = []
        while let chunk = try reader.next() {
            #expect(!chunk.isEmpty)
            joined += chunk
        }
        #expect(joined.count == 168_890)
        let digest = "ac13b869a55098e6ec4af974da46932877ccdefec9a9d9f57357009273a7d7bf"
        #expect(SHA256Digest(of: joined).hex == digest)
        #expect(try reader.next() == nil, "the end stays the end")
    }

    @Test func linesKeepNumbersOffsetsAndBytes() throws {
        try withTemporaryDirectory { folder in
            let url = folder.appendingPathComponent("a.jsonl")
            try Data("one\r\n\n\u{2028}three\nfour".utf8).write(to: url)
            let reader = LineReader(try InputFile(url.path).chunks())
            var lines: [LineReader.Line] = []
            while let line = try reader.next() { lines.append(line) }
            #expect(lines.map(\.number) == [1, 2, 3, 4])
            #expect(lines.map(\.offset) == [0, 5, 6, 15])
            #expect(
                lines.map { String(decoding: $0.bytes, as: UTF8.self).unicodeScalars.count }
                    == [4, 0, 6, 4]
            )
        }
    }

    @Test func linesReachAcrossChunks() throws {
        let path = fixturesDirectory().appendingPathComponent("lines.txt.gz").path
        let reader = LineReader(try InputFile(path).chunks())
        var count = 0
        while let line = try reader.next() {
            #expect(line.bytes == Array("\(count)".utf8))
            count += 1
            #expect(line.number == count)
        }
        #expect(count == 30_000)
        let short = LineReader(try InputFile(path).chunks(), limit: 3)
        #expect(throws: InputFileError.tooLarge(path: "\(path):1001", limit: 3)) {
            while try short.next() != nil {}
        }
    }
}
