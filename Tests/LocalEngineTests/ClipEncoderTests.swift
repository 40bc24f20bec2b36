import EvalCore
import Foundation
import LocalEngine
import StrictJSON
import Tensors
import TestSupport
import Testing

/// CLIP against what transformers computes.
struct ClipEncoderTests {
    private static let names = ["clip-openai-like", "clip-laion-like"]

    private func folder(_ name: String) -> URL {
        referenceFixtures().appendingPathComponent("clip/\(name)")
    }

    private func golden(_ name: String) throws -> (json: JSONField, tensors: SafetensorsFile) {
        let url = folder(name).appendingPathComponent("golden.json")
        return (
            try JSONDocument(Array(Data(contentsOf: url)), source: url.path).root,
            try SafetensorsFile(folder(name).appendingPathComponent("golden.safetensors").path)
        )
    }

    @Test(arguments: names)
    func picturesHaveTheVectorsOfTransformers(_ name: String) throws {
        let (json, tensors) = try golden(name)
        let paths = try json["images"].array().map {
            referenceFixtures().appendingPathComponent("images/\(try $0.string())").path
        }
        let expected = try tensors.tensor("image_embeds")
        try withTemporaryDirectory { cache in
            let embedder = try ClipEmbedder(
                folder(name).path,
                options: ClipEmbedderOptions(cacheFolder: cache.path)
            )
            let got = try vectors(embedder, paths)
            for (row, vector) in got.enumerated() {
                expectClose(vector, expected.row(row), absolute: 1e-5)
            }
            // The order that the reference retrieves in, most similar last.
            let orders = try json["rices_order_ascending"].array()
            for (query, order) in orders.enumerated() {
                let others = got.indices.filter { $0 != query }
                let ranked = others.sorted { dot(got[query], got[$0]) < dot(got[query], got[$1]) }
                #expect(try ranked == order.array().map { try $0.integer(in: 0...9) })
            }
        }
    }

    @Test(arguments: names)
    func textsHaveTheVectorsOfTransformers(_ name: String) throws {
        let (json, tensors) = try golden(name)
        let expected = try tensors.tensor("text_embeds")
        let encoder = try ClipEncoder(folder(name).path)
        let texts = try json["texts"].array().map { try $0.string() }
        for (row, vector) in try encoder.encode(texts: texts).enumerated() {
            expectClose(vector, expected.row(row), absolute: 1e-5)
        }
    }

    @Test func theDemoEncoderMakesTheVectorsThatItWasMeasuredWith() throws {
        let demo = repositoryRoot.appendingPathComponent("demo")
        let url = repositoryRoot.appendingPathComponent("tools/demo/golden.json")
        let cases = try JSONDocument(Array(Data(contentsOf: url)), source: url.path).root["clip"]
        try withTemporaryDirectory { cache in
            let embedder = try ClipEmbedder(
                demo.appendingPathComponent("clip").path,
                options: ClipEmbedderOptions(cacheFolder: cache.path)
            )
            for item in try cases.array() {
                let path = demo.appendingPathComponent("data/\(try item["image"].string())").path
                let expected = try item["embedding"].array().map { Float(try $0.double()) }
                // The file has five decimals.
                expectClose(try vectors(embedder, [path])[0], expected, absolute: 1e-5)
            }
        }
    }

    @Test(arguments: ["f32", "bf16"])
    func aPictureAloneHasTheBitsOfABatch(_ precision: String) throws {
        let paths = ["j420.jpg", "jtall.jpg", "jwide.jpg", "jgray.jpg", "prgb.png", "ppal.png"].map
        {
            referenceFixtures().appendingPathComponent("images/\($0)").path
        }
        let precision = try #require(EnginePrecision(rawValue: precision))
        func embedder(_ cache: URL, threads: Int) throws -> ClipEmbedder {
            let encoder = ClipEncoderOptions(precision: precision, threads: threads)
            return try ClipEmbedder(
                folder("clip-openai-like").path,
                options: ClipEmbedderOptions(encoder: encoder, cacheFolder: cache.path)
            )
        }
        let together = try withTemporaryDirectory { try vectors(embedder($0, threads: 2), paths) }
        let alone = try withTemporaryDirectory { cache in
            let embedder = try embedder(cache, threads: 1)
            return try paths.reversed().map { try vectors(embedder, [$0])[0] }
        }
        #expect(together == alone.reversed())
    }

    private func dot(_ left: [Float], _ right: [Float]) -> Float {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}

/// The vectors of pictures that all can be embedded.
func vectors(_ embedder: any ImageEmbedder, _ paths: [String]) throws -> [[Float]] {
    var vectors: [[Float]] = Array(repeating: [], count: paths.count)
    try embedder.embed(
        paths,
        deliver: { vectors[$0] = try $1.get().vector },
        cancellation: Cancellation()
    )
    return vectors
}
