import LocalEngine
import Testing

struct ImageIndexingTests {
    private let indexing = ImageIndexing(imageToken: 9, endToken: 2)

    @Test(arguments: [
        ([1, 5, 5], 0, [-1, -1, -1]),
        ([1, 8, 9, 8, 5], 1, [-1, -1, 0, 0, 0]),
        ([9, 5, 9, 5], 2, [0, 0, 1, 1]),
        ([9, 5, 2, 5, 2, 9, 5], 2, [0, 0, 0, -1, -1, 1, 1]),
        ([9, 9, 5], 1, [0, -1, -1]),
        ([2, 9, 2, 2, 5], 1, [-1, 0, 0, -1, -1]),
        ([], 3, []),
    ])
    func tokensSeeTheLatestPictureUntilTheEnd(
        tokens: [Int32],
        imageCount: Int,
        expected: [Int32]
    ) {
        #expect(indexing.indices(of: tokens, imageCount: imageCount) == expected)
    }
}
