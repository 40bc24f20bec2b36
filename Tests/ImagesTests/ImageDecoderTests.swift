import Foundation
import Images
import InputFiles
import TestSupport
import Testing

struct ImageDecoderTests {
    @Test(arguments: LoadedFixture.all)
    func pixelsEqualTheReference(_ fixture: LoadedFixture) throws {
        let decoded = try ImageDecoder().decode(fileAt: fixturePath(fixture.file))
        #expect(decoded.image.width == fixture.width)
        #expect(decoded.image.height == fixture.height)
        #expect(sha256(decoded.image.bytes) == fixture.rgb)
        #expect(decoded.isComplete)
    }

    @Test(arguments: LoadedFixture.all)
    func soundImagesLoadTheSameWhenTruncatedOnesAreAccepted(_ fixture: LoadedFixture) throws {
        let bytes = try fixtureBytes(fixture.file)
        let decoded = try ImageDecoder(truncatedImages: .load).decode(bytes, named: fixture.file)
        #expect(sha256(decoded.image.bytes) == fixture.rgb)
    }

    @Test(arguments: RefusedFixture.all)
    func unusableFilesAreRefusedForTheirReason(_ fixture: RefusedFixture) throws {
        let bytes = try fixtureBytes(fixture.file)
        let error = try #require(throws: ImageError.self) {
            try ImageDecoder().decode(bytes, named: "sample 7")
        }
        #expect(name(of: error.reason) == fixture.reason)
        #expect(error.description.hasPrefix("sample 7: "))
        #expect(!error.description.contains("\n"))
    }

    @Test(arguments: RefusedFixture.all)
    func damageBehindTheHeaderIsFilledWhenAccepted(_ fixture: RefusedFixture) throws {
        let bytes = try fixtureBytes(fixture.file)
        let decoder = ImageDecoder(truncatedImages: .load)
        if let expected = fixture.loaded {
            let decoded = try decoder.decode(bytes, named: fixture.file)
            #expect(sha256(decoded.image.bytes) == expected)
            #expect(!decoded.isComplete)
            return
        }
        do {
            let decoded = try decoder.decode(bytes, named: fixture.file)
            #expect(["truncated", "corrupt"].contains(fixture.reason))
            #expect(!decoded.isComplete || decoded.warningCount > 0)
        } catch let error as ImageError {
            #expect(name(of: error.reason) == fixture.reason)
        }
    }

    @Test func contentDecidesNotTheName() throws {
        let decoded = try ImageDecoder().decode(fileAt: fixturePath("jpeg_named.png"))
        #expect(decoded.format == .jpeg)
    }

    @Test func damagedDataThatPillowLoadsAreCounted() throws {
        let damaged = try ImageDecoder().decode(fileAt: fixturePath("jdamaged.jpg"))
        #expect(damaged.warningCount > 0)
        let sound = try ImageDecoder().decode(fileAt: fixturePath("j420.jpg"))
        #expect(sound.warningCount == 0)
    }

    @Test func anErrorSaysWhatWasFoundAndWhatToDo() throws {
        let gif = try #require(throws: ImageError.self) {
            try ImageDecoder().decode(fileAt: fixturePath("picture.gif"))
        }
        #expect(gif.description.contains("expected a JPEG or PNG image, got GIF data"))
        let huge = try #require(throws: ImageError.self) {
            try ImageDecoder().decode(fileAt: fixturePath("huge.png"))
        }
        #expect(huge.reason == .tooLarge(width: 60_000, height: 60_000))
        #expect(huge.description.contains("60000 x 60000 pixels, expected at most 89478485"))
        let zeros = try #require(throws: ImageError.self) {
            try ImageDecoder().decode([0, 0xAB, 7], named: "x")
        }
        #expect(zeros.reason == .unknownFormat(start: "00 ab 07"))
    }

    @Test func onlyRegularFilesAreOpened() throws {
        try withTemporaryDirectory { folder in
            let pipe = folder.appendingPathComponent("pipe.jpg").path
            #expect(unsafe mkfifo(pipe, 0o600) == 0)
            for path in [pipe, folder.path, folder.appendingPathComponent("none.png").path] {
                let error = try #require(throws: ImageError.self) {
                    try ImageDecoder().decode(fileAt: path)
                }
                #expect(name(of: error.reason) == "unreadable")
                #expect(error.description.contains(path))
            }
        }
    }

    @Test func filesOverTheLimitAreNotRead() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("sparse.jpg").path
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            let file = try #require(FileHandle(forWritingAtPath: path))
            try file.truncate(atOffset: UInt64(ImageDecoder.maximumByteCount + 1))
            try file.close()
            let error = try #require(throws: ImageError.self) {
                try ImageDecoder().decode(fileAt: path)
            }
            let limit = ImageDecoder.maximumByteCount
            #expect(error.reason == .unreadable(.tooLarge(path: path, limit: limit)))
        }
    }

    /// The case's name, as the fixtures spell it.
    private func name(of reason: ImageError.Reason) -> String {
        switch reason {
        case .unreadable: "unreadable"
        case .empty: "empty"
        case .otherFormat: "otherFormat"
        case .unknownFormat: "unknownFormat"
        case .tooLarge: "tooLarge"
        case .truncated: "truncated"
        case .corrupt: "corrupt"
        case .unsupported: "unsupported"
        case .outOfMemory: "outOfMemory"
        }
    }
}
