import EvalCore
import Tensors

/// The logits behind one position: what the model says of the next token.
struct LogitRow {
    private let logits: Tensor
    private let row: Int
    private let backend: any ComputeBackend
    private let logSumExp: Double

    /// - Parameters:
    ///   - logits: `[M, V + A]` f32.
    ///   - row: which of the M rows.
    ///   - backend: reduces the row.
    /// - Throws: `SampleFailure` `logits_not_finite` if the row is no distribution.
    init(_ logits: Tensor, row: Int, backend: any ComputeBackend) throws {
        self.logits = logits
        self.row = row
        self.backend = backend
        logSumExp = backend.logSumExp(logits, row: row)
        guard logSumExp.isFinite else { throw SampleFailure.logitsNotFinite(logSumExp) }
    }

    /// Natural-log probability of a token among all V + A; −∞ where its logit is.
    func logprob(of token: Int32) -> Double {
        let index = row * logits.columns + Int(token)
        return logits.withFloats { min(0, Double($0[index]) - logSumExp) }
    }

    /// The likeliest token; ties go to the lowest id.
    var best: Int32 { Int32(backend.argMax(logits, row: row)) }

    /// The likeliest token that is not banned; ties go to the lowest id.
    /// - Parameter banned: ascending ids.
    /// - Returns: the id; 0 if every token is banned, as the reference's arg max of equal values.
    func best(excluding banned: [Int32]) -> Int32 {
        guard !banned.isEmpty else { return best }
        let excluded = Set(banned)
        let count = min(banned.count + 1, logits.columns)
        return backend.top(count, of: logits, row: row).lazy.map { Int32($0.index) }
            .first { !excluded.contains($0) } ?? 0
    }

    /// Natural-log probabilities of all tokens, −∞ where banned; not renormalised.
    func logprobs(excluding banned: [Int32]) -> [Float] {
        var values = backend.logProbabilities(logits, row: row)
        for token in banned { values[Int(token)] = -.infinity }
        return values
    }
}
