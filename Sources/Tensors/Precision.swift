/// How the large products are computed; everything else is f32 in each of them.
public enum Precision: String, Sendable, CaseIterable {
    /// The reference: weights up-cast to f32, products and sums in f32.
    case f32
    /// Operands rounded to bf16 (nearest even), sums in f32.
    case bf16
    /// Weights as signed bytes with a scale per output, activations as signed bytes with a scale per
    /// row, sums exact; attention and caches as in bf16.
    case int8
}
