import Checkpoints
import Tensors

/// The token embedding, with added tokens in a table of their own behind the base vocabulary.
struct DecoupledEmbedding: Sendable {
    /// `[V, D]` as stored.
    let base: Tensor
    /// `[A, D]` as stored; nil when `A` = 0.
    let additional: Tensor?

    init(_ loader: WeightLoader, _ configuration: IdeficsConfiguration) throws {
        let (vocabulary, added) = (
            configuration.vocabularySize, configuration.additionalVocabularySize
        )
        let width = configuration.text.width
        base = try loader.reader.tensor("weight", [vocabulary, width])
        additional =
            added == 0
            ? nil : try loader.reader.tensor("additional_embedding.weight", [added, width])
    }

    /// Embeds token ids below `V + A` as `[T, D]` f32.
    func embed(_ tokens: [Int32], on backend: any ComputeBackend) -> Tensor {
        let vocabulary = Int32(base.rows)
        let known = vocabulary + Int32(additional?.rows ?? 0)
        precondition(
            tokens.allSatisfy { $0 >= 0 && $0 < known },
            "embedding: a token id outside 0..<\(known)"
        )
        // Added tokens read any base row first and are overwritten.
        let x = backend.gatherRows(base, indices: tokens.map { $0 < vocabulary ? $0 : 0 })
        guard let additional else { return x }
        let addedRows = tokens.indices.filter { tokens[$0] >= vocabulary }
        guard !addedRows.isEmpty else { return x }
        let added = backend.gatherRows(
            additional,
            indices: addedRows.map { tokens[$0] - vocabulary }
        )
        for (source, row) in addedRows.enumerated() {
            backend.copyRows(added, rows: source..<source + 1, to: x, at: row)
        }
        return x
    }
}

/// The output projection, with added tokens in a matrix of their own behind the base vocabulary.
struct DecoupledHead: Sendable {
    private let base: LinearWeight
    private let additional: LinearWeight?

    /// Reads `lm_head`, or takes the embedding's tables when the checkpoint ties them.
    init(
        _ loader: WeightLoader,
        _ configuration: IdeficsConfiguration,
        tiedTo embedding: DecoupledEmbedding
    ) throws {
        guard !configuration.tiesEmbeddings else {
            base = loader.backend.prepare(embedding.base)
            additional = embedding.additional.map(loader.backend.prepare)
            return
        }
        let width = configuration.text.width
        let added = configuration.additionalVocabularySize
        base = try loader.linear("lm_head", configuration.vocabularySize, width).weight
        additional =
            added == 0
            ? nil : try loader.linear("lm_head.additional_fc", added, width).weight
    }

    /// Logits `[M, V + A]` of hidden states `[M, D]`.
    func logits(of hidden: Tensor, on backend: any ComputeBackend) -> Tensor {
        let baseLogits = backend.linear(hidden, base, bias: nil)  // [M, V]
        guard let additional else { return baseLogits }
        let addedLogits = backend.linear(hidden, additional, bias: nil)  // [M, A]
        let (rows, vocabulary, added) = (hidden.rows, baseLogits.columns, addedLogits.columns)
        let columns = vocabulary + added
        // Rows of both are joined as runs of single elements, which `copyRows` copies whole.
        let joined = Tensor(zeros: [rows, columns])
        let elements = joined.reshaped([rows * columns, 1])
        let parts = [(baseLogits, 0), (addedLogits, vocabulary)]
        for (part, offset) in parts {
            let source = part.reshaped([part.count, 1])
            for row in 0..<rows {
                backend.copyRows(
                    source,
                    rows: row * part.columns..<(row + 1) * part.columns,
                    to: elements,
                    at: row * columns + offset
                )
            }
        }
        return joined
    }
}
