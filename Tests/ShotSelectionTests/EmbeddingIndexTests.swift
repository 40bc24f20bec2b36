import Foundation
import ShotSelection
import Tensors
import TestSupport
import Testing

struct EmbeddingIndexTests {
    /// Vectors in memory or, under a limit of no bytes, in a file.
    private func index(
        _ vectors: [[Float]],
        memoryLimit: Int = 1 << 20,
        threads: Int = 2,
        folder: String = "/nowhere/at/all"
    ) throws -> EmbeddingIndex {
        var builder = try EmbeddingIndexBuilder(
            count: vectors.count,
            width: vectors.first?.count ?? 4,
            memoryLimit: memoryLimit,
            folder: folder,
            threads: threads
        )
        for position in vectors.indices.reversed() {
            try builder.set(position, vectors[position])
        }
        return try builder.finish()
    }

    private func write(
        _ tensor: Tensor,
        as name: String = "embeddings",
        in folder: URL
    ) throws -> String {
        let path = folder.appendingPathComponent("index.safetensors").path
        var writer = SafetensorsWriter()
        writer.add(tensor, as: name)
        try writer.write(to: path)
        return path
    }

    @Test(arguments: [1, 4, 16, 60])
    func neighboursAreTheMostAlike(count: Int) throws {
        let vectors = unitVectors(3000, width: 40, seed: 1)
        let queries = unitVectors(20, width: 40, seed: 2)
        let found = try index(vectors).nearest(queries, count: count)
        for (query, neighbours) in zip(queries, found) {
            let similarities = vectors.map { dot($0, query) }
            let best = similarities.sorted(by: >).prefix(count)
            #expect(neighbours.count == count)
            for (neighbour, expected) in zip(neighbours, best) {
                #expect(abs(similarities[neighbour.index] - expected) < 1e-6)
                #expect(abs(Double(neighbour.similarity) - expected) < 1e-6)
            }
        }
    }

    @Test
    func memoryAndFileGiveTheSameBits() throws {
        let vectors = unitVectors(2000, width: 17, seed: 3)
        let queries = unitVectors(33, width: 17, seed: 4)
        let expected = try index(vectors, threads: 1).nearest(queries, count: 8)
        try withTemporaryDirectory { folder in
            let inFile = try index(vectors, memoryLimit: 0, folder: folder.path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
            #expect(inFile.count == 2000 && inFile.width == 17)
            #expect(inFile.nearest(queries, count: 8) == expected)
            let path = try write(Tensor(vectors.flatMap(\.self), shape: [2000, 17]), in: folder)
            let mapped = try EmbeddingIndex(mapping: path, width: 17, threads: 3)
            #expect(mapped.nearest(queries, count: 8) == expected)
        }
    }

    @Test
    func excludedPositionsAreNotFoundAndOthersTakeTheirPlace() throws {
        let vectors = unitVectors(500, width: 12, seed: 5)
        let queries = unitVectors(6, width: 12, seed: 6)
        let index = try index(vectors)
        let all = index.nearest(queries, count: 500)
        let excluded = all.enumerated().map { query, neighbours in
            neighbours.prefix(query * 3).map(\.index)
        }
        let found = index.nearest(queries, count: 5, excluding: excluded)
        for query in queries.indices {
            #expect(found[query] == Array(all[query][(query * 3)...].prefix(5)))
        }
        let none = index.nearest(queries, count: 5, excluding: all.map { $0.map(\.index) })
        #expect(none == Array(repeating: [], count: 6))
    }

    @Test
    func equalSimilaritiesStandInOrderOfPosition() throws {
        let vectors = (0..<300).map { index -> [Float] in index % 2 == 0 ? [1, 0] : [0, 1] }
        let found = try index(vectors).nearest([[0, 1]], count: 152)
        let expected = (0..<150).map { $0 * 2 + 1 } + [0, 2]
        #expect(found[0].map(\.index) == expected)
        #expect(found[0].map(\.similarity) == (0..<152).map { $0 < 150 ? 1 : 0 })
    }

    @Test
    func moreThanThereAreIsAllAndNothingIsNothing() throws {
        let vectors = unitVectors(3, width: 5, seed: 7)
        #expect(try index(vectors).nearest([vectors[1]], count: 9)[0].count == 3)
        #expect(try index(vectors).nearest([vectors[1]], count: 0) == [[]])
        #expect(try index(vectors).nearest([], count: 9) == [])
        #expect(try index([]).nearest([[1, 0, 0, 0]], count: 2) == [[]])
    }

    @Test(
        arguments: [
            [0, 0, 0], [.nan, 0, 0], [.infinity, 0, 0], [1, 0.1, 0], [0.99, 0, 0], [3e38, 3e38, 0],
        ] as [[Float]]
    )
    func onlyUnitVectorsAreTaken(vector: [Float]) throws {
        var builder = try EmbeddingIndexBuilder(
            count: 1,
            width: 3,
            memoryLimit: 100,
            folder: "/nowhere"
        )
        let error = #expect(throws: ShotSelectionError.self) { try builder.set(0, vector) }
        #expect(error?.description.hasPrefix("support vector 0: a vector of length") == true)
        try withTemporaryDirectory { folder in
            let path = try write(Tensor([1, 0, 0] + vector, shape: [2, 3]), in: folder)
            let error = #expect(throws: ShotSelectionError.self) {
                try EmbeddingIndex(mapping: path, width: 3)
            }
            #expect(error?.description.hasPrefix("\(path), row 1: a vector of length") == true)
        }
    }

    @Test
    func aVectorOfAnotherWidthIsRefused() throws {
        var builder = try EmbeddingIndexBuilder(
            count: 1,
            width: 3,
            memoryLimit: 100,
            folder: "/nowhere"
        )
        #expect(
            throws: ShotSelectionError.embeddingWidth(
                of: "support vector 0",
                expected: 3,
                got: 2
            )
        ) { try builder.set(0, [1, 0]) }
        try builder.set(0, [1, 0, 0])
        #expect(try builder.finish().nearest([[1, 0, 0]], count: 1)[0][0].similarity == 1)
    }

    @Test
    func filesOfAnotherWidthDtypeOrContentAreRefused() throws {
        try withTemporaryDirectory { folder in
            let path = try write(Tensor([1, 0], shape: [1, 2]), in: folder)
            #expect(
                throws: ShotSelectionError.embeddingShape(
                    path: path,
                    expectedWidth: 3,
                    got: "F32 [1, 2]"
                )
            ) { try EmbeddingIndex(mapping: path, width: 3) }
            _ = try write(Tensor([1, 0], shape: [2]), in: folder)
            #expect(throws: ShotSelectionError.self) {
                try EmbeddingIndex(mapping: path, width: 2)
            }
            _ = try write(Tensor([1, 0], shape: [1, 2]).converted(to: .bf16), in: folder)
            #expect(throws: ShotSelectionError.self) {
                try EmbeddingIndex(mapping: path, width: 2)
            }
            _ = try write(Tensor([1, 0], shape: [1, 2]), as: "other", in: folder)
            #expect(throws: SafetensorsError.self) {
                try EmbeddingIndex(mapping: path, width: 2)
            }
        }
        #expect(throws: (any Error).self) {
            try EmbeddingIndex(mapping: "/nowhere/at/all", width: 2)
        }
    }
}
