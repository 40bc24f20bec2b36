import Images
import InputFiles
import Testing

struct ImageTransformTests {
    @Test(arguments: LoadedFixture.all)
    func resizedBytesAndPixelValuesEqualTheReference(_ fixture: LoadedFixture) throws {
        let image = try ImageDecoder().decode(fileAt: fixturePath(fixture.file)).image
        let expected = [
            (224, fixture.resized224, fixture.pixels224), (32, fixture.resized32, fixture.pixels32),
            (30, fixture.resized30, fixture.pixels30),
        ]
        for (side, resized, pixels) in expected {
            let transform = ImageTransform(side: side)
            #expect(sha256(transform.framed(image).bytes) == resized, "side \(side)")
            let values = transform.pixelValues(of: image)
            #expect(values.digest.hex == pixels, "side \(side)")
            #expect(values.values.count == 3 * side * side)
        }
    }

    @Test(arguments: LoadedFixture.all)
    func centreSquareEqualsTheReference(_ fixture: LoadedFixture) throws {
        let image = try ImageDecoder().decode(fileAt: fixturePath(fixture.file)).image
        let square = ImageTransform(side: 224, framing: .centreSquare(shorterEdge: 224)).framed(
            image
        )
        #expect(sha256(square.bytes) == fixture.clip224)
    }

    @Test func theSizeThatIsThereIsKept() {
        let image = noise(width: 9, height: 9, seed: 1)
        #expect(image.resized(toWidth: 9, height: 9) == image)
        #expect(image.centreSquare(9, shorterEdge: 9) == image)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 300], [1, 2, 5, 90, 224])
    func oneColourStaysOneColour(_ from: Int, _ to: Int) {
        let image = RGBImage(
            width: from,
            height: 3,
            bytes: [UInt8]((0..<from * 3).flatMap { _ in [3, 250, 128] })
        )
        let resized = image.resized(toWidth: to, height: 4)
        #expect(resized.bytes == (0..<to * 4).flatMap { _ in [3, 250, 128] as [UInt8] })
    }

    @Test(
        arguments: [(40, 25), (25, 40), (31, 31), (7, 90), (6, 620), (620, 6), (1, 150)],
        [16, 17, 25]
    )
    func centreSquareIsCutFromTheResizedImage(_ size: (Int, Int), _ shorterEdge: Int) {
        let (width, height) = size
        let image = noise(width: width, height: height, seed: 2)
        let side = 16
        let long = shorterEdge * max(width, height) / min(width, height)
        let (newWidth, newHeight) = width <= height ? (shorterEdge, long) : (long, shorterEdge)
        let resized = image.resized(toWidth: newWidth, height: newHeight)
        let (left, top) = ((newWidth - side) / 2, (newHeight - side) / 2)
        let cut = (top..<top + side).flatMap { row in
            let start = (row * newWidth + left) * 3
            return resized.bytes[start..<start + side * 3]
        }
        #expect(image.centreSquare(side, shorterEdge: shorterEdge).bytes == cut)
    }

    @Test func aStripOfTheLongestSideIsFramed() {
        let bytes = [UInt8](repeating: 9, count: ImageDecoder.maximumSide * 3)
        let wide = RGBImage(width: ImageDecoder.maximumSide, height: 1, bytes: bytes)
        let tall = RGBImage(width: 1, height: ImageDecoder.maximumSide, bytes: bytes)
        for image in [wide, tall] {
            for edge in [32, 4096] {
                #expect(image.centreSquare(32, shorterEdge: edge).bytes.allSatisfy { $0 == 9 })
            }
            #expect(image.resized(toWidth: 32, height: 32).bytes.allSatisfy { $0 == 9 })
        }
    }
}

struct PixelNormalizationTests {
    @Test func valuesFollowTheFormulaChannelByChannel() throws {
        let normalization = try #require(
            PixelNormalization(
                mean: [0, 0.5, 1],
                standardDeviation: [1, 0.5, 2],
                rescaleFactor: 0.25
            )
        )
        let image = RGBImage(width: 2, height: 1, bytes: [0, 2, 4, 4, 6, 8])
        let pixels = PixelValues(image, normalization)
        #expect(pixels.values == [0, 1, 0, 2, 0, 0.5])
        #expect((pixels.width, pixels.height) == (2, 1))
    }

    @Test func normalizationsThatGiveNoNumbersAreRefused() {
        #expect(PixelNormalization(mean: [0, 0], standardDeviation: [1, 1, 1]) == nil)
        #expect(PixelNormalization(mean: [0, 0, 0], standardDeviation: [1, 1]) == nil)
        #expect(PixelNormalization(mean: [0, 0, 0], standardDeviation: [1, 0, 1]) == nil)
        #expect(PixelNormalization(mean: [0, .nan, 0], standardDeviation: [1, 1, 1]) == nil)
        #expect(
            PixelNormalization(
                mean: [0, 0, 0],
                standardDeviation: [1, 1, 1],
                rescaleFactor: .infinity
            ) == nil
        )
    }
}
