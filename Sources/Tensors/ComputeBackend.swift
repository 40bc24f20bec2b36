/// The closed set of operations that models are written in.
///
/// Calls are synchronous and one thread drives a backend. Activations are f32 `[rows, columns]`;
/// norms' weights, biases and gates are f32 (see ``Tensor/widened()``). Each output element is
/// reduced in one fixed order that depends neither on the number of rows nor on the threads: a row
/// alone gives the bits of the same row in a batch. Misuse traps, naming operation and shapes.
public protocol ComputeBackend: AnyObject, Sendable {
    /// How products are computed.
    var precision: Precision { get }
    /// Name of the kernels in use; part of a result's provenance.
    var kernelSet: String { get }
    /// Number of threads that compute.
    var threads: Int { get }
    /// Dtype of key and value caches: f32 in `f32`, bf16 in `bf16`.
    var cacheDType: DType { get }
    /// Where the time of its work is written down, if anywhere.
    var profile: StageProfile? { get }

    /// Brings a weight `[N, …]` (rest flattened to K) into the form that `linear` reads: f32
    /// up-casts; bf16 keeps bf16 in place and rounds f32 and f16 to the nearest even.
    func prepare(_ weight: Tensor) -> LinearWeight

    /// `x wᵀ + bias`: `[M, K]` f32 by `[N, K]` to `[M, N]` f32; 2·M·N·K FLOP.
    func linear(_ x: Tensor, _ weight: LinearWeight, bias: Tensor?) -> Tensor

    /// `linear` of some rows of `x` only, in the order given: `[rows.count, N]`.
    func linear(_ x: Tensor, rows: [Int], _ weight: LinearWeight, bias: Tensor?) -> Tensor

    /// `x / √(mean(x²) + ε) · weight` over the last dimension; `weight`: `[columns]`.
    func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float) -> Tensor

    /// `(x - mean) / √(variance + ε) · weight + bias`, biased variance, over the last dimension.
    func layerNorm(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float) -> Tensor

    /// `rmsNorm` of each head on its own, in place; `x`: `[M, H·d]`, `weight`: `[d]`.
    func rmsNormHeads(_ x: Tensor, weight: Tensor, epsilon: Float)

    /// `layerNorm` of each head on its own, in place; `x`: `[M, H·d]`, `weight`, `bias`: `[d]`.
    func layerNormHeads(_ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Float)

    /// `x += y`, same shapes.
    func add(_ y: Tensor, to x: Tensor)

    /// `x += gate · y`; `gate`: `[1]` or `[columns]`, tanh already applied. Where `maskedRows` is
    /// true, `y` counts as 0.
    func addGated(_ y: Tensor, gate: Tensor, maskedRows: [Bool]?, to x: Tensor)

    /// Applies the function to each element, in place.
    func activate(_ x: Tensor, _ activation: Activation)

    /// `activation(gate) · up`, the middle of a gated MLP.
    func multiplyActivated(_ gate: Tensor, _ up: Tensor, _ activation: Activation) -> Tensor

    /// Rotary position embedding in place, half-split; `x`: `[M, heads·d]`, one position per row.
    func rotate(_ x: Tensor, heads: Int, positions: [Int32], table: RotaryTable)

    /// Softmax attention of packed sequences; `queries`: `[M, heads·d]`, result of the same shape.
    ///
    /// Softmax in f32, keys in fixed tiles by position: no score matrix over the whole context.
    /// Rows that no segment names are zero. Spans have the cache's dtype or f32.
    func attention(
        _ queries: Tensor,
        heads: Int,
        scale: Float,
        segments: [AttentionSegment]
    ) -> Tensor

    /// Copies rows to `destination` from row `at` on, converting between f32 and bf16.
    func copyRows(_ source: Tensor, rows: Range<Int>, to destination: Tensor, at: Int)

    /// Rows of a table of any float dtype as f32 `[indices.count, columns]`: an embedding.
    func gatherRows(_ table: Tensor, indices: [Int32]) -> Tensor

    /// `ln Σ exp(logits)` of one row, summed in double.
    func logSumExp(_ logits: Tensor, row: Int) -> Double

    /// Natural-log probabilities of one row of logits.
    func logProbabilities(_ logits: Tensor, row: Int) -> [Float]

    /// Index of the largest element of a row; ties go to the lowest index, NaN is below all.
    func argMax(_ logits: Tensor, row: Int) -> Int

    /// The largest elements of a row, best first; ties go to the lowest index, NaN is below all.
    func top(_ count: Int, of logits: Tensor, row: Int) -> [RankedElement]
}

/// An element of a row and where it stands.
public struct RankedElement: Sendable, Equatable {
    /// Index in the row.
    public let index: Int
    /// The element.
    public let value: Float

    /// An element and its index.
    /// - Parameters:
    ///   - index: index in the row.
    ///   - value: the element.
    public init(index: Int, value: Float) {
        self.index = index
        self.value = value
    }
}
