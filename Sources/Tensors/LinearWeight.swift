/// A weight matrix `[N, K]` ("out, in") in the form that the backend which prepared it multiplies
/// with.
///
/// Made by ``ComputeBackend/prepare(_:)`` only; a bf16 matrix of a mapped checkpoint is used in
/// place.
public struct LinearWeight: Sendable {
    /// `N`, the number of output features.
    public var outputSize: Int { matrix.shape[0] }
    /// `K`, the number of input features.
    public var inputSize: Int { matrix.shape[1] }
    /// `[N, K]`, f32 or bf16 as the backend's precision says.
    let matrix: Tensor
}
