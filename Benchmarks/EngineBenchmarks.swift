import Checkpoints
import Foundation
import Models
import Tensors

/// The tower, a prefill and decoding of a checkpoint, against the run's own peak and bandwidth.
struct EngineBenchmarks {
    let checkpoint: URL
    let threads: Int
    let effort: Effort
    let printer: ResultPrinter
    let peak: Double
    let bandwidth: Double

    /// Prompt of the prefill: eight shots and a query with a picture each.
    private static let promptLength = 288
    private static let pictureCount = 9

    /// Prints the rates.
    func run() throws {
        let folder = try CheckpointFolder(checkpoint.path)
        let backend = try CPUBackend(precision: .bf16, threads: threads)
        let model = try IdeficsModel(folder, backend: backend)
        printer.section(
            "Engine, bf16, \(checkpoint.lastPathComponent), \(threads) threads, "
                + "kernels \(backend.kernelSet)"
        )
        let images = tower(model)
        prefill(model, images)
        let single = decode(model, images, sequences: 1)
        let together = decode(model, images, sequences: 32)
        printer.row(
            Row(
                name: "decode, 32 sequences against 1",
                value: "\(fixed(together / single))× the tokens/s",
                against: "at most 32×, when weights are all that is read"
            )
        )
    }

    private func tower(_ model: IdeficsModel) -> [ImageStates] {
        let side = model.configuration.vision.imageSize
        let pixels = (0..<Self.pictureCount).map { Self.pattern(side: side, picture: $0) }
        var images: [ImageStates] = []
        let time = Measurement(effort) { images = model.encodeImages(pixels) }
        let rate = Double(pixels.count) / time.median
        let flops = ModelCost(model.configuration).picture * rate
        printer.row(
            Row(
                name: "pictures encoded, \(pixels.count) together",
                value: "\(fixed(rate)) pictures/s, \(fixed(flops / 1e9)) GFLOP/s",
                against: againstPeak(flops, time)
            )
        )
        return images
    }

    private static func pattern(side: Int, picture: Int) -> [Float] {
        (0..<3 * side * side).map { index -> Float in
            let level = (index + picture * 31) % 29
            return Float(level) / 29 - 0.5
        }
    }

    private func prefill(_ model: IdeficsModel, _ images: [ImageStates]) {
        let time = Measurement(effort) { _ = start(model, images) }
        let rate = Double(Self.promptLength) / time.median
        let flops = ModelCost(model.configuration).token * rate
        printer.row(
            Row(
                name: "prefill of \(Self.promptLength) tokens",
                value: "\(fixed(rate)) tokens/s, \(fixed(flops / 1e9)) GFLOP/s",
                against: againstPeak(flops, time)
            )
        )
    }

    /// - Returns: tokens per second of all sequences together.
    private func decode(
        _ model: IdeficsModel,
        _ images: [ImageStates],
        sequences: Int
    )
        -> Double
    {
        let caches = (0..<sequences).map { _ in start(model, images) }
        let steps = 8
        let time = Measurement(effort) {
            for _ in 0..<steps { step(model, images, caches) }
            for cache in caches { cache.truncate(to: Self.promptLength) }
        }
        let passes = Double(steps) / time.median
        let rate = passes * Double(sequences)
        let bytes = ModelCost(model.configuration).tokenBytes * passes
        printer.row(
            Row(
                name: "decode, \(sequences) sequence\(sequences == 1 ? "" : "s")",
                value: "\(fixed(rate)) tokens/s, "
                    + "weights read at \(fixed(bytes / 1e9)) GB/s",
                against: "bandwidth \(fixed(bandwidth / 1e9)) GB/s: \(share(bytes / bandwidth))"
            )
        )
        return rate
    }

    /// A rate and that of its fastest repetition against the best product.
    private func againstPeak(_ flops: Double, _ time: Measurement) -> String {
        let best = flops * time.median / time.best
        return "best product \(fixed(peak / 1e9)) GFLOP/s: \(share(flops / peak)), "
            + "fastest repetition \(share(best / peak))"
    }

    private func start(_ model: IdeficsModel, _ images: [ImageStates]) -> KeyValueCache {
        let cache = model.makeCache()
        var batch = PackedBatch()
        let tokens = (0..<Self.promptLength).map { Int32(3 + $0 % 1_000) }
        let perImage = Self.promptLength / images.count
        batch.append(
            tokens: tokens,
            cache: cache,
            imageIndex: tokens.indices.map { Int32($0 / perImage) },
            images: images,
            requestedRows: .last
        )
        _ = model.forward(batch)
        return cache
    }

    private func step(
        _ model: IdeficsModel,
        _ images: [ImageStates],
        _ caches: [KeyValueCache]
    ) {
        var batch = PackedBatch()
        for cache in caches {
            batch.append(
                tokens: [5],
                cache: cache,
                imageIndex: [Int32(images.count - 1)],
                images: images,
                requestedRows: .last
            )
        }
        _ = model.forward(batch)
    }

    private func share(_ ratio: Double) -> String { "\(fixed(100 * ratio, 0)) %" }
}

/// Work of a model, counted from its configuration; linear layers only, 1 multiply-add = 2 FLOP.
struct ModelCost {
    /// FLOP of one picture: tower and resampler.
    let picture: Double
    /// FLOP of one text token, head left out (a prefill computes it for one row).
    let token: Double
    /// Bytes of bf16 weights that one decode step reads.
    let tokenBytes: Double

    init(_ configuration: IdeficsConfiguration) {
        let text = configuration.text
        let d = Double(text.width)
        let f = Double(text.feedForwardWidth)
        let layer = 4 * d * d + 3 * d * f
        let cross = 2 * d * d + 3 * d * f
        let decoder =
            Double(text.layerCount) * layer + Double(configuration.crossLayerCount) * cross
        token = 2 * decoder
        tokenBytes = 2 * (decoder + d * Double(configuration.logitCount))
        picture = 2 * (Self.tower(configuration.vision) + Self.resampler(configuration))
    }

    private static func tower(_ vision: ClipVisionConfiguration) -> Double {
        let e = Double(vision.width)
        let m = Double(vision.feedForwardWidth)
        let positions = Double(vision.positionCount)
        return Double(vision.layerCount) * positions * (4 * e * e + 2 * e * m)
    }

    private static func resampler(_ configuration: IdeficsConfiguration) -> Double {
        guard let resampler = configuration.resampler else { return 0 }
        let e = Double(configuration.vision.width)
        let inner = Double(resampler.attentionWidth)
        let latents = Double(resampler.latentCount)
        let keys = Double(configuration.vision.positionCount) + latents
        let block = 2 * latents * inner * e + 2 * keys * inner * e + 8 * latents * e * e
        return Double(resampler.depth) * block
    }
}
