import Tasks
import Testing

/// The splits of the shipped task files, against protocol.md section 2.2 and datasets.md section 3.
struct ShippedSplitTests {
    /// Task, split, published samples, the split that shots come from.
    @Test(
        arguments: [
            ("okvqa", "train", 9_009, nil), ("okvqa", "val", 5_046, "test-support"),
            ("textvqa", "train", 34_602, nil), ("textvqa", "val", 5_000, "test-support"),
            ("textvqa", "test", 5_734, "test-support"), ("vizwiz", "train", 20_523, nil),
            ("vizwiz", "val", 4_319, "test-support"), ("vizwiz", "test", 8_000, "test-support"),
            ("coco", "train", 113_287, nil), ("coco", "val", 5_000, "val-support"),
            ("coco", "test", 5_000, "test-support"), ("textcaps", "train", 21_953, nil),
            ("textcaps", "val", 3_166, "val-support"), ("textcaps", "test", 3_289, "test-support"),
            ("nocaps", "coco-train", 113_287, nil), ("nocaps", "val", 4_500, "val-support"),
            ("nocaps", "test", 10_600, "test-support"), ("flickr30k", "train", 29_000, nil),
            ("flickr30k", "val", 1_014, "val-support"),
            ("flickr30k", "test", 1_000, "test-support"),
            ("hatefulmemes", "train", 8500, nil), ("hatefulmemes", "dev_seen", 500, "val-support"),
            ("hatefulmemes", "dev_unseen", 540, "val-support"),
            ("hatefulmemes", "test_seen", 1000, "test-support"),
            ("hatefulmemes", "test_unseen", 2000, "test-support"),
            ("hatefulmemes", "val-query", 1000, "val-support"),
            ("hatefulmemes", "test-support", 2048, nil), ("scienceqa", "train", 6218, nil),
            ("scienceqa", "val", 2097, "val-support"), ("scienceqa", "test", 2017, "test-support"),
            ("scienceqa", "val-query", 1024, "val-support"),
            ("scienceqa", "test-support", 2048, nil), ("rendered_sst2", "train", 6920, nil),
            ("rendered_sst2", "valid", 872, "val-support"),
            ("rendered_sst2", "test", 1821, "test-support"),
            ("rendered_sst2", "test-support", 512, nil),
            ("rendered_sst2", "val-query", 5000, "val-support"),
            ("imagenet", "train", 1_281_167, nil), ("imagenet", "val", 50_000, "train"),
        ] as [(String, String, Int, String?)]
    )
    func splitsHaveTheirPublishedSizes(
        task: String,
        split: String,
        count: Int,
        support: String?
    ) throws {
        let definition = try shippedTask(task).split(split)
        #expect(definition.count == count)
        #expect(definition.support == support)
        #expect(definition.isEvaluated == (support != nil))
    }
}
