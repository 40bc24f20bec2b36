import EvalCore
import Foundation
import Images
import LocalEngine
import Testing

/// An encoder whose vectors are sums over a few pixels, with a count of what it computed.
final class PixelSumEncoder: PictureEncoding {
    let provenance: EmbedderProvenance
    let transform = ImageTransform(side: 4, framing: .centreSquare(shorterEdge: 4))
    private(set) var encodedCount = 0
    /// Fails when so many were encoded.
    var failsAfter = Int.max

    struct Failure: Error {}

    init(digest: Character = "a", width: Int = 3) {
        provenance = EmbedderProvenance(
            name: "sums",
            digest: String(repeating: digest, count: 64),
            width: width
        )
    }

    /// White pictures have no direction.
    func encode(_ pixels: [[Float]]) throws -> [[Float]?] {
        encodedCount += pixels.count
        guard encodedCount <= failsAfter else { throw Failure() }
        return pixels.map { values in
            guard values.contains(where: { $0 < 1.9 }) else { return nil }
            let sums = (0..<provenance.width).map { part in
                values.enumerated().reduce(Float(part)) {
                    $0 + Float(($1.offset * (part + 1)) % 7) * $1.element
                }
            }
            let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return sums.map { $0 / length }
        }
    }
}

/// A folder of pictures, a cache beside it, and what embedding them says.
final class EmbeddingBench {
    let folder: URL
    var limits = EmbeddingCache.Limits()
    var threads = 2
    var truncatedImages = TruncatedImages.error
    /// What was said about the cache.
    private(set) var notes: [String] = []
    private(set) var progress: EmbeddingProgress?
    private let start = Date().timeIntervalSince1970

    init(_ folder: URL) throws {
        self.folder = folder
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
    }

    var pictures: URL { folder.appendingPathComponent("pictures") }
    var cache: URL { folder.appendingPathComponent("cache") }

    func path(_ name: String) -> String { pictures.appendingPathComponent(name).path }

    /// The cache's files of an encoder, in order.
    func cacheFiles(_ encoder: Character = "a") throws -> [URL] {
        let folder = cache.appendingPathComponent(String(repeating: encoder, count: 16))
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .map { folder.appendingPathComponent($0) }
    }

    func cacheFile(_ prefix: String) throws -> URL {
        try #require(cacheFiles().first { $0.lastPathComponent.hasPrefix(prefix) })
    }

    /// Writes a picture of one colour that was last changed some seconds ago.
    @discardableResult
    func write(_ name: String, _ color: Int, age: Double = 3600) throws -> String {
        try write(name, PlainPNG.bytes(color), age: age)
    }

    /// Writes a file in place: it keeps its number.
    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], age: Double = 3600) throws -> String {
        // A whole second, and for old files the same one again however long the test takes.
        let end = age > 60 ? start : now()
        return try write(name, bytes, changed: Date(timeIntervalSince1970: (end - age).rounded()))
    }

    @discardableResult
    func write(_ name: String, _ bytes: [UInt8], changed: Date) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        try FileManager.default.setAttributes(
            [.modificationDate: changed],
            ofItemAtPath: path(name)
        )
        return path(name)
    }

    func write(count: Int) throws -> [String] {
        try (0..<count).map { try write("\($0).png", $0) }
    }

    private func now() -> Double { Date().timeIntervalSince1970 }

    /// Opens the cache as a new process would.
    func embedder(_ encoder: PixelSumEncoder) throws -> CachingEmbedder {
        try CachingEmbedder(
            encoder,
            cacheFolder: cache.path,
            truncatedImages: truncatedImages,
            limits: limits,
            threads: threads,
            onEvent: { [unowned self] event in
                switch event {
                case .cacheDamaged(let note): notes.append(note)
                case .progress(let progress): self.progress = progress
                case .loading: break
                }
            }
        )
    }

    /// Embeds files as a new process would.
    func embed(
        _ paths: [String],
        _ encoder: PixelSumEncoder = PixelSumEncoder()
    ) throws -> [Result<PictureEmbedding, SampleFailure>] {
        try results(try embedder(encoder), paths)
    }

    /// How many of the files a new process encodes.
    func encodedCount(_ paths: [String], digest: Character = "a") throws -> Int {
        let encoder = PixelSumEncoder(digest: digest)
        for result in try embed(paths, encoder) { _ = try result.get() }
        return encoder.encodedCount
    }
}

/// What an embedder delivers, by index; each exactly once.
func results(
    _ embedder: any ImageEmbedder,
    _ paths: [String]
) throws -> [Result<PictureEmbedding, SampleFailure>] {
    var results: [Result<PictureEmbedding, SampleFailure>?] = paths.map { _ in nil }
    try embedder.embed(
        paths,
        deliver: { index, result in
            #expect(results[index] == nil, "delivered twice")
            results[index] = result
        },
        cancellation: Cancellation()
    )
    return try results.map { try #require($0) }
}

/// PNG files of one colour, stored without compression: their size does not tell the colour.
enum PlainPNG {
    private static let side = 4

    static func bytes(_ color: Int) -> [UInt8] {
        let size: [UInt8] = big(UInt32(side)) + big(UInt32(side))
        let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        let header = chunk("IHDR", size + [8, 2, 0, 0, 0])
        return signature + header + chunk("IDAT", stored(rows(color))) + chunk("IEND", [])
    }

    private static func rows(_ color: Int) -> [UInt8] {
        let pixel = (0..<3).map { UInt8(truncatingIfNeeded: color >> (8 * $0)) }
        var row: [UInt8] = [0]
        for _ in 0..<side { row += pixel }
        return Array(repeating: row, count: side).reduce([], +)
    }

    /// A zlib stream of one block that is not compressed.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01, 0x01]
        for length in [UInt16(bytes.count), ~UInt16(bytes.count)] {
            stream += [UInt8(length & 255), UInt8(length >> 8)]
        }
        return stream + bytes + big(adler(bytes))
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(UInt32(data.count)) + body + big(checksum(body))
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
        }
        return ~sum
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (low, high) = (UInt32(1), UInt32(0))
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }
}
