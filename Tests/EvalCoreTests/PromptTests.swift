import EvalCore
import Testing

struct PromptTests {
    private let cat = ImageReference(id: "1", namespace: "coco", path: "cat.jpg")
    private let dog = ImageReference(id: "1", namespace: "nocaps", path: "dog.jpg")

    @Test func picturesAreRenderedAsTheirMark() {
        let prompt = Prompt(segments: [.markup("<s>"), .image(cat), .text("a\nb"), .image(dog)])
        #expect(prompt.text == "<s><image>a\nb<image>")
        #expect(prompt.images == [cat, dog])
    }

    @Test func equalIdsOfTwoNamespacesAreTwoPictures() {
        #expect(cat.key != dog.key)
    }

    @Test func samplesClusterByTheirFirstPicture() {
        let seen = Sample(id: "7", index: 0, images: [cat, dog], fields: [:], target: .unlabelled)
        let unseen = Sample(id: "7", index: 0, images: [], fields: [:], target: .unlabelled)
        #expect(seen.cluster == "coco/1")
        #expect(unseen.cluster == "7")
    }
}
