import Tensors

/// CLIP's vision transformer up to its last layer, without the final norm.
///
/// The same code serves IDEFICS (`model.vision_model`) and a CLIP checkpoint (`vision_model`).
struct ClipVisionTower: Sendable {
    private let configuration: ClipVisionConfiguration
    private let patchEmbedding: LinearWeight
    /// `[1, E]`.
    private let classEmbedding: Tensor
    /// `[P, E]`, row 0 is the class token's.
    private let positionEmbedding: Tensor
    private let preNorm: LayerNorm
    private let layers: [ClipEncoderLayer]

    init(
        _ loader: WeightLoader,
        _ configuration: ClipVisionConfiguration,
        _ counter: inout LoadCounter
    ) throws {
        let (width, patch) = (configuration.width, configuration.patchSize)
        let embeddings = loader.scope("embeddings")
        patchEmbedding = try embeddings.matrix(
            "patch_embedding.weight",
            [width, 3, patch, patch]
        )
        classEmbedding = try embeddings.vector("class_embedding", width).reshaped([1, width])
        positionEmbedding = try embeddings.floats(
            "position_embedding.weight",
            [configuration.positionCount, width]
        )
        // The misspelling is the checkpoints'.
        preNorm = try loader.layerNorm("pre_layrnorm", width, epsilon: configuration.epsilon)
        layers = try (0..<configuration.layerCount).map { index in
            defer { counter.advance() }
            return try ClipEncoderLayer(
                loader.scope("encoder.layers.\(index)"),
                configuration.layerShape
            )
        }
        self.configuration = configuration
    }

    /// Encodes images together, each seeing only itself.
    /// - Parameters:
    ///   - images: pixel values `[3, S, S]` f32 each, normalised.
    ///   - backend: computes.
    ///   - tap: sees the results of embedding, norm and layers.
    /// - Returns: hidden states of all positions `[N*P, E]` f32, class token first in each image.
    func encode(
        _ images: [[Float]],
        on backend: any ComputeBackend,
        tap: LayerTap?
    ) -> Tensor {
        let embedded = embed(images, on: backend)
        tap?("vision_embeddings", embedded)
        let x = preNorm(embedded, on: backend)
        tap?("vision_pre_layrnorm", x)
        let positions = configuration.positionCount
        let sequences = images.indices.map { $0 * positions..<($0 + 1) * positions }
        for (index, layer) in layers.enumerated() {
            layer.apply(to: x, sequences: sequences, on: backend)
            tap?("vision_layer\(index)", x)
        }
        return x
    }

    private func embed(_ images: [[Float]], on backend: any ComputeBackend) -> Tensor {
        let positions = configuration.positionCount
        let patches = backend.linear(patchRows(images), patchEmbedding, bias: nil)  // [N*(P-1), E]
        let x = Tensor(zeros: [images.count * positions, configuration.width])  // [N*P, E]
        for image in images.indices {
            let first = image * positions
            let patchRange = image * (positions - 1)..<(image + 1) * (positions - 1)
            backend.copyRows(classEmbedding, rows: 0..<1, to: x, at: first)
            backend.copyRows(patches, rows: patchRange, to: x, at: first + 1)
            backend.add(positionEmbedding, to: x.rowRange(first..<first + positions))
        }
        return x
    }

    /// The patches of all images as rows `[N*(P-1), 3*p*p]`: raster order, channel, y, x inside.
    private func patchRows(_ images: [[Float]]) -> Tensor {
        let (size, patch, grid) = (
            configuration.imageSize, configuration.patchSize, configuration.gridSize
        )
        var rows: [Float] = []
        rows.reserveCapacity(images.count * configuration.pixelCount)
        for pixels in images {
            precondition(
                pixels.count == configuration.pixelCount,
                "vision tower: \(pixels.count) pixel values, expected [3, \(size), \(size)]"
            )
            for patchY in 0..<grid {
                for patchX in 0..<grid {
                    for line in 0..<3 * patch {
                        let (channel, y) = line.quotientAndRemainder(dividingBy: patch)
                        let row = (channel * size + patchY * patch + y) * size
                        let start = row + patchX * patch
                        rows.append(contentsOf: pixels[start..<start + patch])
                    }
                }
            }
        }
        let rowCount = images.count * grid * grid
        return Tensor(rows, shape: [rowCount, configuration.patchElementCount])
    }
}
