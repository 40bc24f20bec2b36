import COpenBLAS
import Dispatch
import Foundation
import Tensors

/// Products at shapes of real models, each beside OpenBLAS in the same run, and memory bandwidth.
struct KernelBenchmarks {
    let threads: Int
    let effort: Effort
    let printer: ResultPrinter

    /// Shapes of real models.
    private static let shapes = [
        ProductShape(name: "square 1024", m: 1_024, k: 1_024, n: 1_024),
        ProductShape(name: "decoder q/k/v, 0.42 B", m: 256, k: 1_024, n: 1_024),
        ProductShape(name: "decoder up, 0.42 B", m: 256, k: 1_024, n: 2_752),
        ProductShape(name: "vision fc1, ViT-B/14", m: 257, k: 768, n: 3_072),
        ProductShape(name: "decode up, 8 rows", m: 8, k: 1_024, n: 2_752),
        ProductShape(name: "decode up, 1 row", m: 1, k: 4_096, n: 11_008),
    ]

    /// Cores that OpenBLAS takes for a CPU it does not know; none of them uses AVX.
    private static let genericCores: Set<String> = [
        "Atom", "Core2", "Dunnington", "Generic", "Nehalem", "Penryn", "Prescott",
    ]

    /// Prints every shape in f32 and with each set of kernels that has its own bf16 product.
    /// - Returns: the best rate of any set, precision or OpenBLAS, in FLOP per second.
    func run() throws -> Double {
        let sets = Self.bf16Sets
        let best = try CPUBackend(precision: .f32, threads: threads).kernelSet
        printer.section("Products, \(threads) threads, kernels \(best)")
        printYardstick()
        openblas_set_num_threads(Int32(threads))
        var peak = Peak()
        for shape in Self.shapes where !effort.isSmoke || shape.m * shape.n <= 1 << 16 {
            let blas = openBLAS(shape)
            peak.take(shape, "OpenBLAS f32", blas)
            for kernels in sets {
                let bf16 = try product(.bf16, kernels, shape)
                peak.take(shape, "bf16 \(kernels)", bf16)
                print(shape, "bf16 \(kernels)", bf16, against: blas)
            }
            let f32 = try product(.f32, nil, shape)
            peak.take(shape, "f32", f32)
            print(shape, "f32", f32, against: blas)
        }
        printer.row(
            Row(
                name: "best product, fastest repetition",
                value: "\(fixed(peak.rate / 1e9)) GFLOP/s",
                against: peak.name
            )
        )
        return peak.rate
    }

    /// Kernel sets whose bf16 products differ and are worth a look on this CPU.
    private static var bf16Sets: [String] {
        let available = CPUBackend.availableKernelSets
        let wide = available.filter { $0.hasPrefix("avx512") }
        return wide.isEmpty ? available.suffix(1) : wide
    }

    private func printYardstick() {
        let core = unsafe String(cString: openblas_get_corename())
        let variable = "OPENBLAS_CORETYPE"
        let forced = ProcessInfo.processInfo.environment[variable].map { "\(variable)=\($0)" }
        let isGeneric = Self.genericCores.contains(core)
        let remark = isGeneric ? "; a core without AVX, ratios to it say little" : ""
        printer.row(
            Row(
                name: "OpenBLAS core",
                value: core,
                against: (forced ?? "its own choice for this CPU") + remark
            )
        )
    }

    /// Bytes per second of reading a buffer, far larger than caches, with all threads.
    func bandwidth() -> Double {
        let words = effort.size(1 << 27, smoke: 1 << 22)
        let rate = readRate(words: words)
        printer.section("Memory")
        printer.row(
            Row(
                name: "reading \(words >> 17) MiB",
                value: "\(fixed(rate / 1e9)) GB/s",
                against: "yardstick of decoding"
            )
        )
        return rate
    }

    /// Bytes per second of reading a buffer of 8-byte words with all threads.
    func readRate(words: Int) -> Double {
        let vectors = words / 8
        let buffer = UnsafeMutableBufferPointer<SIMD8<UInt64>>.allocate(capacity: vectors)
        unsafe buffer.initialize(repeating: SIMD8(repeating: 1))
        defer { unsafe buffer.deallocate() }
        let sums = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: threads)
        unsafe sums.initialize(repeating: 0)
        defer { unsafe sums.deallocate() }
        nonisolated(unsafe) let source = unsafe buffer
        nonisolated(unsafe) let results = unsafe sums
        let share = vectors / threads
        let measurement = Measurement(effort) {
            DispatchQueue.concurrentPerform(iterations: threads) { part in
                let range = part * share..<(part + 1) * share
                unsafe results[part] = unsafe Self.sum(of: UnsafeBufferPointer(source), in: range)
            }
        }
        precondition(unsafe sums.reduce(0, &+) == UInt64(share * threads * 8))
        return Double(words) * 8 / measurement.best
    }

    /// Four sums side by side, so that reading and not adding takes the time.
    private static func sum(
        of source: UnsafeBufferPointer<SIMD8<UInt64>>,
        in range: Range<Int>
    )
        -> UInt64
    {
        var (a, b, c, d) = (SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>(), SIMD8<UInt64>())
        var index = range.lowerBound
        while index + 4 <= range.upperBound {
            unsafe a &+= source[index]
            unsafe b &+= source[index + 1]
            unsafe c &+= source[index + 2]
            unsafe d &+= source[index + 3]
            index += 4
        }
        while index < range.upperBound {
            unsafe a &+= source[index]
            index += 1
        }
        return (a &+ b &+ c &+ d).wrappedSum()
    }

    private func print(
        _ shape: ProductShape,
        _ kind: String,
        _ ours: Measurement,
        against blas: Measurement
    ) {
        let flops = shape.flops
        printer.row(
            Row(
                name: "\(shape.name), \(kind)",
                value: "\(fixed(flops / ours.median / 1e9)) GFLOP/s",
                against: "OpenBLAS f32 \(fixed(flops / blas.median / 1e9)) GFLOP/s: "
                    + "\(fixed(blas.median / ours.median, 2))×"
            )
        )
    }

    private func product(
        _ precision: Precision,
        _ kernels: String?,
        _ shape: ProductShape
    ) throws
        -> Measurement
    {
        let backend = try CPUBackend(precision: precision, threads: threads, kernelSet: kernels)
        let (m, k, n) = (shape.m, shape.k, shape.n)
        let x = Tensor((0..<m * k).map { Float($0 % 17) / 17 }, shape: [m, k])
        let stored = Tensor((0..<n * k).map { Float($0 % 13) / 13 }, shape: [n, k])
        let weight = backend.prepare(stored)
        return Measurement(effort) { _ = backend.linear(x, weight, bias: nil) }
    }

    private func openBLAS(_ shape: ProductShape) -> Measurement {
        let (m, k, n) = (shape.m, shape.k, shape.n)
        let a = [Float](repeating: 0.5, count: m * k)
        let b = [Float](repeating: 0.25, count: n * k)
        var c = [Float](repeating: 0, count: m * n)
        return Measurement(effort) {
            unsafe cblas_sgemm(
                CblasRowMajor,
                CblasNoTrans,
                CblasTrans,
                blasint(m),
                blasint(n),
                blasint(k),
                1,
                a,
                blasint(k),
                b,
                blasint(k),
                0,
                &c,
                blasint(n)
            )
        }
    }
}

/// The shape of a product of activations with a weight.
private struct ProductShape {
    let name: String
    /// Rows of activations.
    let m: Int
    /// Inputs.
    let k: Int
    /// Outputs.
    let n: Int

    /// Operations of one product; 1 multiply-add = 2.
    var flops: Double { 2 * Double(m) * Double(k) * Double(n) }
}

/// The fastest product so far.
private struct Peak {
    /// FLOP per second.
    var rate = 0.0
    /// What reached it.
    var name = ""

    mutating func take(_ shape: ProductShape, _ kind: String, _ time: Measurement) {
        let candidate = shape.flops / time.best
        if candidate > rate { (rate, name) = (candidate, "\(shape.name), \(kind)") }
    }
}
