import EvalCore
import Testing

struct NearestNameTests {
    private static let names = ["vqav2", "okvqa", "textvqa", "vizwiz"]

    @Test(arguments: [
        ("vqa2", "vqav2"), ("okqva", "okvqa"), ("text-vqa", "textvqa"), ("vizwiz", "vizwiz"),
    ])
    func aTypoFindsItsName(typo: String, name: String) {
        #expect(nearestName(to: typo, among: Self.names) == name)
    }

    @Test(arguments: ["", "imagenet", "q"])
    func aStrangerFindsNone(name: String) {
        #expect(nearestName(to: name, among: Self.names) == nil)
    }

    @Test func aLongNameIsComparedInBoundedTime() {
        let long = String(repeating: "v", count: 1_000_000)
        #expect(nearestName(to: long, among: Self.names) == nil)
    }
}
