import Images
import Testing

/// Fault injection: whatever the bytes, pixels or an error come out.
struct DamagedImageTests {
    static let whole = [
        "j420.jpg", "jprog.jpg", "jcmyk.jpg", "jrestart.jpg", "prgb.png", "prgba.png",
        "padam7.png", "ppaltrns.png",
    ]

    @Test(arguments: whole)
    func everyPrefixIsRefusedOrWhole(_ file: String) throws {
        let bytes = try fixtureBytes(file)
        let image = try ImageDecoder().decode(bytes, named: file).image
        var loadedCount = 0
        for count in 0..<bytes.count {
            guard let prefix = try decode(Array(bytes[..<count]), .error) else { continue }
            loadedCount += 1
            #expect(prefix.image == image, "prefix of \(count) bytes")
        }
        // Behind the last pixel of a PNG come its checksum and the 12 bytes of its end.
        #expect(loadedCount <= (file.hasSuffix("png") ? 16 : 0))
    }

    @Test(arguments: whole)
    func everyPrefixBehindTheHeaderLoadsWhenAccepted(_ file: String) throws {
        let bytes = try fixtureBytes(file)
        let image = try ImageDecoder().decode(bytes, named: file).image
        var hasLoaded = false
        for count in 0..<bytes.count {
            guard let prefix = try decode(Array(bytes[..<count]), .load) else {
                #expect(!hasLoaded, "prefix of \(count) bytes")
                continue
            }
            hasLoaded = true
            #expect(prefix.image.width == image.width && prefix.image.height == image.height)
            #expect(!prefix.isComplete || prefix.image == image, "prefix of \(count) bytes")
        }
        #expect(hasLoaded)
    }

    @Test(arguments: whole, [1, 2, 3] as [UInt64])
    func mutationsGivePixelsOrAnError(_ file: String, _ seed: UInt64) throws {
        let bytes = try fixtureBytes(file)
        var generator = SplitMix64(state: seed)
        var loadedCount = 0
        for _ in 0..<400 {
            let mutation = mutated(bytes, using: &generator)
            for policy in [TruncatedImages.error, .load] {
                guard let decoded = try decode(mutation, policy) else { continue }
                loadedCount += 1
                let side = ImageTransform(side: 8).framed(decoded.image)
                #expect(side.bytes.count == 8 * 8 * 3)
            }
        }
        #expect(loadedCount > 0)
    }

    /// Nil for an `ImageError`; any other error fails the test.
    private func decode(_ bytes: [UInt8], _ policy: TruncatedImages) throws -> DecodedImage? {
        do {
            return try ImageDecoder(truncatedImages: policy).decode(bytes, named: "damaged")
        } catch is ImageError {
            return nil
        }
    }

    /// The bytes with one to four runs changed, removed or added.
    ///
    /// The sides of a JPEG are kept small, since large ones only cost time; those of a PNG stand
    /// under a checksum.
    private func mutated(_ bytes: [UInt8], using generator: inout SplitMix64) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let position = Int.random(in: 0..<result.count, using: &generator)
            let count = Int.random(in: 1...12, using: &generator)
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5: result[position] = UInt8.random(in: 0...255, using: &generator)
            case 5..<8: result[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 8: result.removeSubrange(position..<min(position + count, result.count))
            default:
                let added = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                result.insert(contentsOf: added, at: position)
            }
            if result.isEmpty { return [0] }
        }
        return withSmallSides(result)
    }

    /// Writes 64 x 64 into every JPEG frame header whose sides have become large.
    private func withSmallSides(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        guard result.starts(with: [0xFF, 0xD8]) else { return result }
        for start in 0..<max(0, result.count - 9)
        where result[start] == 0xFF && [0xC0, 0xC1, 0xC2].contains(result[start + 1]) {
            if result[start + 5] > 1 || result[start + 7] > 1 {
                result.replaceSubrange(start + 5..<start + 9, with: [0, 64, 0, 64])
            }
        }
        return result
    }
}
