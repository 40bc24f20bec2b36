/// A weight matrix `[N, K]` ("out, in") in the form that the backend which prepared it multiplies
/// with.
///
/// Made by ``ComputeBackend/prepare(_:)`` only; a bf16 matrix of a mapped checkpoint is used in
/// place.
public struct LinearWeight: Sendable {
    /// The numbers, as the backend's precision says.
    enum Form: Sendable {
        /// `[N, K]`, f32 or bf16.
        case floats(Tensor)
        /// Signed bytes with a scale per output.
        case codes(CodedWeight)
    }

    /// `N`, the number of output features.
    public let outputSize: Int
    /// `K`, the number of input features.
    public let inputSize: Int
    let form: Form

    /// Bytes that the weight takes, in memory or in a mapped file.
    public var byteCount: Int {
        switch form {
        case .floats(let matrix): matrix.byteCount
        case .codes(let codes): codes.panels.byteCount + codes.scales.byteCount
        }
    }
}
