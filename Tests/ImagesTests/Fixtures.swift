import Foundation
import Images
import InputFiles
import TestSupport
import Testing

/// A file that loads and the SHA-256 of what Pillow makes of it (tools/reference/make_images.py).
struct LoadedFixture: Decodable, Sendable, CustomTestStringConvertible {
    let file: String
    let width: Int
    let height: Int
    let rgb: String
    let resized224: String
    let resized32: String
    let resized30: String
    let pixels224: String
    let pixels32: String
    let pixels30: String
    let clip224: String

    var testDescription: String { file }

    static let all: [LoadedFixture] = decoded("images.json")
}

/// A file that must be refused.
struct RefusedFixture: Decodable, Sendable, CustomTestStringConvertible {
    let file: String
    /// The case of `ImageError.Reason`.
    let reason: String
    /// The SHA-256 of the pixels under `TruncatedImages.load`, where that is Pillow's too.
    let loaded: String?

    var testDescription: String { file }

    static let all: [RefusedFixture] = decoded("refused.json")
}

private func decoded<Value: Decodable>(_ name: String) -> [Value] {
    do {
        return try JSONDecoder().decode([Value].self, from: Data(fixtureBytes(name)))
    } catch {
        fatalError("fixture \(name): \(error)")
    }
}

func fixturePath(_ name: String) -> String {
    fixturesDirectory().appendingPathComponent(name).path
}

func fixtureBytes(_ name: String) throws -> [UInt8] {
    try InputFile(fixturePath(name)).bytes()
}

/// SHA-256 in hexadecimal.
func sha256(_ bytes: [UInt8]) -> String { SHA256Digest(of: bytes).hex }

/// SplitMix64: repeatable random numbers from a stated seed.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// An image of random samples.
func noise(width: Int, height: Int, seed: UInt64) -> RGBImage {
    var generator = SplitMix64(state: seed)
    let bytes = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &generator) }
    return RGBImage(width: width, height: height, bytes: bytes)
}
