import Checkpoints
import Tensors

/// CLIP's text transformer: causal, without a norm in front, with one behind.
struct ClipTextTower: Sendable {
    private let configuration: ClipTextConfiguration
    /// `[V, D]` as stored.
    private let tokenEmbedding: Tensor
    /// `[positions, D]`.
    private let positionEmbedding: Tensor
    private let layers: [ClipEncoderLayer]
    private let finalNorm: LayerNorm

    init(
        _ loader: WeightLoader,
        _ configuration: ClipTextConfiguration,
        _ counter: inout LoadCounter
    ) throws {
        let width = configuration.width
        let embeddings = loader.scope("embeddings")
        tokenEmbedding = try embeddings.reader.tensor(
            "token_embedding.weight",
            [configuration.vocabularySize, width]
        )
        positionEmbedding = try embeddings.floats(
            "position_embedding.weight",
            [configuration.positionCount, width]
        )
        layers = try (0..<configuration.layerCount).map { index in
            defer { counter.advance() }
            return try ClipEncoderLayer(
                loader.scope("encoder.layers.\(index)"),
                configuration.layerShape
            )
        }
        finalNorm = try loader.layerNorm("final_layer_norm", width, epsilon: configuration.epsilon)
        self.configuration = configuration
    }

    /// The state that stands for each text: `[N, D]` f32.
    func encode(_ texts: [[Int32]], on backend: any ComputeBackend) -> Tensor {
        var sequences: [Range<Int>] = []
        for tokens in texts {
            precondition(
                (1...configuration.positionCount).contains(tokens.count)
                    && tokens.allSatisfy { 0..<configuration.vocabularySize ~= Int($0) },
                "text tower: \(tokens.count) tokens, or one outside the vocabulary"
            )
            let start = sequences.last?.upperBound ?? 0
            sequences.append(start..<start + tokens.count)
        }
        let x = backend.gatherRows(tokenEmbedding, indices: texts.flatMap(\.self))  // [T, D]
        for rows in sequences {
            backend.add(positionEmbedding.rowRange(0..<rows.count), to: x.rowRange(rows))
        }
        for layer in layers {
            layer.apply(to: x, sequences: sequences, causal: true, on: backend)
        }
        let ends = zip(texts, sequences).map { tokens, rows in
            Int32(rows.lowerBound + endPosition(tokens))
        }
        return finalNorm(backend.gatherRows(x, indices: ends), on: backend)
    }

    /// Where the end token stands first.
    private func endPosition(_ tokens: [Int32]) -> Int {
        let end = configuration.endToken ?? tokens.max()
        // The reference takes the first position where there is no end token.
        return tokens.firstIndex { $0 == end } ?? 0
    }
}
