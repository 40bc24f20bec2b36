import Foundation

/// The operations on this machine's cores, through the C kernels.
///
/// Sendable because its parts are constant or guard themselves. One thread drives it at a time;
/// calls from a second one are safe but compute alone.
public final class CPUBackend: ComputeBackend {
    /// The variable that chooses a kernel set when the caller does not.
    public static let kernelVariable = "IDEFICS_EVAL_KERNELS"

    /// How products are computed.
    public let precision: Precision
    /// Name of the kernels in use: `scalar`, `avx2`, `avx512`, `avx512_bf16`.
    public var kernelSet: String { kernels.name }
    /// Number of threads that compute.
    public var threads: Int { pool.threadCount }
    /// Dtype of key and value caches.
    public var cacheDType: DType { precision == .f32 ? .f32 : .bf16 }
    /// Where the time of its work is written down.
    public let profile: StageProfile?

    let kernels: Kernels
    let pool: ThreadPool
    /// Lends the memory of results and temporaries.
    let storage = StoragePool()

    /// Names of the kernel sets that this CPU runs, slowest first.
    public static var availableKernelSets: [String] { Kernels.available.map(\.name) }

    /// Starts the threads and chooses the kernels.
    /// - Parameters:
    ///   - precision: how products are computed.
    ///   - threads: at least 1; nil takes every processor available to the process.
    ///   - kernelSet: one of `availableKernelSets`; nil takes `IDEFICS_EVAL_KERNELS` or the fastest.
    ///   - profile: told about stages and operations.
    /// - Throws: `TensorError` for a kernel set that this CPU lacks or no threads.
    public init(
        precision: Precision,
        threads: Int? = nil,
        kernelSet: String? = nil,
        profile: StageProfile? = nil
    ) throws {
        let wanted = kernelSet ?? ProcessInfo.processInfo.environment[Self.kernelVariable]
        kernels = try wanted.map(Self.kernels(named:)) ?? .best
        let count = threads ?? ProcessorCount.available
        guard count >= 1 else { throw TensorError.threadCount(count) }
        pool = ThreadPool(threadCount: count)
        self.precision = precision
        self.profile = profile
    }

    private static func kernels(named name: String) throws -> Kernels {
        guard let kernels = Kernels.available.first(where: { $0.name == name }) else {
            throw TensorError.unknownKernelSet(name, available: availableKernelSets)
        }
        return kernels
    }

    /// Memory for a result, not initialised.
    func makeResult(_ shape: [Int], dtype: DType = .f32) -> Tensor {
        Tensor(unset: shape, dtype: dtype, pool: storage)
    }

    /// Runs `body` over parts of `0..<count` elements, of a size that is worth a thread's while.
    func forEachElements(_ count: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
        pool.forEachRange(count, grain: 8192, body)
    }

    /// Runs `body` over parts of `0..<count` rows of `width` elements.
    func forEachRows(_ count: Int, width: Int, _ body: @escaping @Sendable (Range<Int>) -> Void) {
        pool.forEachRange(count, grain: max(1, 8192 / max(width, 1)), body)
    }
}
