/// The activation functions of CLIP, the resampler and LLaMA.
public enum Activation: Sendable, CaseIterable {
    /// `0.5 x (1 + erf(x / √2))`, the exact form.
    case gelu
    /// `x · sigmoid(1.702 x)`, CLIP's approximation.
    case quickGelu
    /// `max(x, 0)`.
    case relu
    /// `x · sigmoid(x)`.
    case silu
}
