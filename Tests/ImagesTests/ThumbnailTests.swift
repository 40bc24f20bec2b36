import Foundation
import Images
import InputFiles
import TestSupport
import Testing

/// Pictures made small for pages.
struct ThumbnailTests {
    private static func gradient(_ width: Int, _ height: Int) -> RGBImage {
        let bytes = (0..<height).flatMap { y in
            (0..<width).flatMap { x in
                [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8(128)]
            }
        }
        return RGBImage(width: width, height: height, bytes: bytes)
    }

    @Test(arguments: [
        (640, 480, 256, 192), (480, 640, 192, 256), (64, 64, 64, 64), (256, 1, 256, 1),
        (1000, 3, 256, 3), (3000, 30, 256, 4), (257, 257, 256, 256), (1, 1, 1, 1),
    ])
    func longerSideIsBoundedAndNothingIsEnlarged(
        width: Int,
        height: Int,
        expectedWidth: Int,
        expectedHeight: Int
    ) throws {
        let image = Self.gradient(width, height)
        let thumbnail = try ThumbnailMaker().thumbnail(of: image, named: "x")
        #expect((thumbnail.width, thumbnail.height) == (expectedWidth, expectedHeight))
        #expect((thumbnail.originalWidth, thumbnail.originalHeight) == (width, height))
        let decoded = try ImageDecoder().decode(thumbnail.bytes, named: "thumbnail")
        #expect(decoded.format == .jpeg)
        #expect((decoded.image.width, decoded.image.height) == (expectedWidth, expectedHeight))
    }

    @Test func picturesStayNearlyWhatTheyWere() throws {
        let image = Self.gradient(200, 120)
        let thumbnail = try ThumbnailMaker().thumbnail(of: image, named: "x")
        let decoded = try ImageDecoder().decode(thumbnail.bytes, named: "thumbnail").image
        let differences = zip(image.bytes, decoded.bytes).map { abs(Int($0) - Int($1)) }
        #expect(differences.reduce(0, +) < 3 * differences.count)
    }

    @Test func noiseFitsTheBuffer() throws {
        var generator = Noise(seed: 7)
        let bytes = (0..<(255 * 131 * 3)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let image = RGBImage(width: 255, height: 131, bytes: bytes)
        let thumbnail = try ThumbnailMaker().thumbnail(of: image, named: "x")
        #expect(thumbnail.bytes.count > 10_000)
        #expect(try ImageDecoder().decode(thumbnail.bytes, named: "x").image.width == 255)
    }

    @Test func equalPixelsGiveEqualBytes() throws {
        let image = Self.gradient(300, 200)
        let bytes = try ThumbnailMaker(side: 64).thumbnail(of: image, named: "x").bytes
        #expect(try ThumbnailMaker(side: 64).thumbnail(of: image, named: "y").bytes == bytes)
    }

    @Test func whatIsNoPictureIsAnError() throws {
        try withTemporaryDirectory { folder in
            let path = folder.appendingPathComponent("x.jpg").path
            #expect(throws: ImageError.self) { try ThumbnailMaker().thumbnail(ofFileAt: path) }
        }
    }
}
