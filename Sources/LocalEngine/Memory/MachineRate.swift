import Tensors

/// How fast a machine computes, measured here and now in a fraction of a second.
public struct MachineRate: Sendable, Hashable {
    /// Operations per second of a large product in the engine's precision.
    public var productFLOPs: Double
    /// Bytes of weights per second that a product with one row reads.
    public var bytesPerSecond: Double

    /// The share of a product's rate that whole towers and prompts reach, attention, norms and the
    /// handing out of rows included: 68 to 75 % were measured (docs/speed.md).
    public static let engineShare = 0.7

    /// Operations per second to plan with.
    public var engineFLOPs: Double { productFLOPs * Self.engineShare }

    /// Creates a rate.
    public init(productFLOPs: Double, bytesPerSecond: Double) {
        self.productFLOPs = productFLOPs
        self.bytesPerSecond = bytesPerSecond
    }

    /// Measures this machine as it is now, whatever else it does.
    /// - Parameter options: precision, threads and kernels of the engine.
    /// - Returns: the best of a few rounds.
    /// - Throws: `LocalEngineError` for options that the machine cannot serve.
    public static func measured(_ options: LocalEngineOptions) throws -> MachineRate {
        let backend = try LocalEngineError.wrap { try LocalEngine.backend(options) }
        let (rows, width, wide) = (512, 1024, 2048)
        let square = backend.prepare(Tensor(zeros: [width, width]))
        let x = Tensor(zeros: [rows, width])
        let product = best { _ = backend.linear(x, square, bias: nil) }
        // Larger than the caches of a server core.
        let long = backend.prepare(Tensor(zeros: [16 * wide, wide]))
        let row = Tensor(zeros: [1, wide])
        let reading = best { _ = backend.linear(row, long, bias: nil) }
        let bytes = 16 * wide * wide * options.precision.weightByteCount
        return MachineRate(
            productFLOPs: 2 * Double(rows * width * width) / product,
            bytesPerSecond: Double(bytes) / reading
        )
    }

    /// Seconds of the fastest of several rounds.
    private static func best(_ body: () -> Void) -> Double {
        let clock = ContinuousClock()
        body()  // wakes the threads and touches the memory
        return (0..<8).map { _ in clock.measure(body) / .seconds(1) }.min() ?? .infinity
    }
}
