import EvalCore

/// A support set of `count` members `s0`, `s1` …; member `i` shows picture `i / samplesPerImage`.
func supportSet(_ count: Int, samplesPerImage: Int = 1) -> SupportSet {
    let items = (0..<count).map { index in
        SupportItem(id: "s\(index)", index: index, imageKeys: ["coco/\(index / samplesPerImage)"])
    }
    return SupportSet(items: items, requestedCount: count, slice: "test-support", digest: "")
}

/// A query that shows the picture of that id.
func query(_ id: String, image: String = "none", namespace: String = "coco") -> Sample {
    Sample(
        id: id,
        index: 0,
        images: [ImageReference(id: image, namespace: namespace, path: "/\(image).jpg")],
        fields: [:],
        target: .unlabelled
    )
}
