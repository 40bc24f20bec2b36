import Models
import Tensors
import TestSupport
import Testing

/// Ways to compute the same thing that must give the same bits.
@Suite struct EquivalenceTests {
    /// Every checkpoint in both precisions.
    static let subjects = ReferenceCheckpoint.names.flatMap { name in
        Precision.allCases.map { Subject(name: name, precision: $0) }
    }

    struct Subject: Sendable, CustomTestStringConvertible {
        let name: String
        let precision: Precision
        var testDescription: String { "\(name) \(precision)" }

        func load(threads: Int = 1) throws -> ReferenceCheckpoint {
            try ReferenceCheckpoint(name, precision, threads: threads)
        }
    }

    @Test(arguments: subjects)
    func imagesTogetherEqualImagesAlone(_ subject: Subject) throws {
        let reference = try subject.load()
        let pixels = try reference.pixelValues(reference.case("four_shot"))
        let together = reference.model.encodeImages(pixels)
        for (index, image) in pixels.enumerated() {
            let alone = reference.model.encodeImages([image])[0]
            #expect(alone.states.floats() == together[index].states.floats())
        }
        #expect(reference.model.encodeImages([]).isEmpty)
    }

    @Test(arguments: subjects)
    func promptsTogetherEqualPromptsAlone(_ subject: Subject) throws {
        let reference = try subject.load()
        let model = reference.model
        var batch = PackedBatch()
        var alone: [Float] = []
        for prompt in reference.cases {
            let images = model.encodeImages(try reference.pixelValues(prompt))
            batch.append(
                tokens: prompt.tokens,
                cache: model.makeCache(),
                imageIndex: prompt.imageIndex,
                images: images,
                requestedRows: .all
            )
            alone += model.logits(prompt.tokens, prompt.imageIndex, images).floats()
        }
        #expect(batch.requestedRowCount == batch.tokens.count)
        #expect(model.forward(batch).floats() == alone)
    }

    @Test(arguments: subjects)
    func oneThreadEqualsTwo(_ subject: Subject) throws {
        let results = try [1, 2].map { threads in
            let reference = try subject.load(threads: threads)
            let prompt = try reference.case("four_shot")
            let images = reference.model.encodeImages(try reference.pixelValues(prompt))
            return reference.model.logits(prompt.tokens, prompt.imageIndex, images).floats()
        }
        #expect(results[0] == results[1])
    }

    @Test(arguments: subjects)
    func oneTokenAtATimeEqualsAllAtOnce(_ subject: Subject) throws {
        let (model, prompt, images, whole) = try fourShot(subject)
        let cache = model.makeCache()
        for row in prompt.tokens.indices {
            let step = model.logits(
                [prompt.tokens[row]],
                [prompt.imageIndex[row]],
                images,
                cache: cache
            )
            #expect(step.row(0) == whole.row(row), "row \(row)")
        }
        #expect(cache.count == prompt.tokens.count)
    }

    @Test(arguments: subjects)
    func aSharedPrefixEqualsAnOwnCache(_ subject: Subject) throws {
        let (model, prompt, images, whole) = try fourShot(subject)
        let cuts = [5, 6, 40, prompt.tokens.count]
        var cache = model.makeCache()
        var start = 0
        for cut in cuts {
            // Each piece stands behind a chain of forks.
            let rows = start..<cut
            let piece = model.logits(
                Array(prompt.tokens[rows]),
                Array(prompt.imageIndex[rows]),
                images,
                cache: cache
            )
            for (offset, row) in rows.enumerated() {
                #expect(piece.row(offset) == whole.row(row), "row \(row)")
            }
            cache = cache.fork()
            start = cut
        }
    }

    @Test(arguments: subjects)
    func prefillAndDecodeTogetherEqualEachAlone(_ subject: Subject) throws {
        let (model, prompt, images, whole) = try fourShot(subject)
        let reference = try subject.load()
        let other = try reference.case("text_only")
        let otherAlone = model.logits(other.tokens, other.imageIndex, [])
        let last = prompt.tokens.count - 1
        let cache = model.makeCache()
        _ = model.logits(
            Array(prompt.tokens[..<last]),
            Array(prompt.imageIndex[..<last]),
            images,
            rows: .none,
            cache: cache
        )
        var batch = PackedBatch()
        batch.append(
            tokens: [prompt.tokens[last]],
            cache: cache,
            imageIndex: [prompt.imageIndex[last]],
            images: images,
            requestedRows: .last
        )
        batch.append(
            tokens: other.tokens,
            cache: model.makeCache(),
            imageIndex: other.imageIndex,
            images: [],
            requestedRows: .list([0, 3])
        )
        let mixed = model.forward(batch)
        #expect(mixed.shape == [3, model.logitCount])
        #expect(mixed.row(0) == whole.row(last))
        #expect(mixed.row(1) == otherAlone.row(0))
        #expect(mixed.row(2) == otherAlone.row(3))
    }

    @Test(arguments: subjects)
    func candidatesBehindOneForkedPromptEqualWholePrompts(_ subject: Subject) throws {
        let (model, prompt, images, _) = try fourShot(subject)
        let seen = prompt.imageIndex[prompt.imageIndex.count - 1]
        let candidates: [[Int32]] = [[7], [9, 11, 13], [400, 401]]
        let cache = model.makeCache()
        _ = model.logits(prompt.tokens, prompt.imageIndex, images, rows: .none, cache: cache)
        var batch = PackedBatch()
        var alone: [Float] = []
        for candidate in candidates {
            let index = candidate.map { _ in seen }
            batch.append(
                tokens: candidate,
                cache: cache.fork(),
                imageIndex: index,
                images: images,
                requestedRows: .all
            )
            let whole = model.logits(
                prompt.tokens + candidate,
                prompt.imageIndex + index,
                images,
                rows: .list(Array(prompt.tokens.count..<prompt.tokens.count + candidate.count))
            )
            alone += whole.floats()
        }
        #expect(model.forward(batch).floats() == alone)
        #expect(cache.count == prompt.tokens.count)
    }

    @Test(arguments: subjects)
    func statesMadeEarlierGiveTheSameImage(_ subject: Subject) throws {
        let (model, prompt, images, whole) = try fourShot(subject)
        let restored = images.map { model.imageStates(from: $0.states) }
        #expect(restored[0].byteCount == images[0].byteCount)
        let logits = model.logits(prompt.tokens, prompt.imageIndex, restored)
        #expect(logits.floats() == whole.floats())
    }

    @Test func anImageChangesOnlyTheRowsFromItOn() throws {
        let (model, prompt, images, whole) = try fourShot(
            Subject(name: "a-bf16-sharded", precision: .f32)
        )
        let swapped = [images[1]] + images[1...]
        let other = model.logits(prompt.tokens, prompt.imageIndex, swapped)
        let first = try #require(prompt.imageIndex.firstIndex(of: 0))
        #expect(other.rowRange(0..<first).floats() == whole.rowRange(0..<first).floats())
        #expect(other.row(first) != whole.row(first))
    }

    private func fourShot(
        _ subject: Subject
    ) throws -> (
        model: IdeficsModel, prompt: ReferenceCase, images: [ImageStates], logits: Tensor
    ) {
        let reference = try subject.load()
        let prompt = try reference.case("four_shot")
        let images = reference.model.encodeImages(try reference.pixelValues(prompt))
        let logits = reference.model.logits(prompt.tokens, prompt.imageIndex, images)
        return (reference.model, prompt, images, logits)
    }
}
