import COpenBLAS
import Dispatch
import Foundation
import Tensors

/// Products at shapes of real models, each beside OpenBLAS in the same run, and memory bandwidth.
struct KernelBenchmarks {
    let threads: Int
    let budget: Double
    let printer: ResultPrinter

    /// Named shapes: rows of activations, inputs, outputs.
    static let shapes: [(name: String, m: Int, k: Int, n: Int)] = [
        ("square 1024", 1_024, 1_024, 1_024),
        ("decoder q/k/v, 0.42 B", 256, 1_024, 1_024),
        ("decoder up, 0.42 B", 256, 1_024, 2_752),
        ("vision fc1, ViT-B/14", 257, 768, 3_072),
        ("decode up, 8 rows", 8, 1_024, 2_752),
        ("decode up, 1 row", 1, 4_096, 11_008),
    ]

    /// Prints every shape.
    /// - Returns: the best bf16 and f32 rates, in FLOP per second.
    func run() throws -> (bf16: Double, f32: Double) {
        printer.section("Products (\(threads) threads)")
        openblas_set_num_threads(Int32(threads))
        var best = (bf16: 0.0, f32: 0.0)
        for shape in Self.shapes {
            let flops = 2.0 * Double(shape.m) * Double(shape.k) * Double(shape.n)
            let f32 = try product(.f32, shape.m, shape.k, shape.n)
            let bf16 = try product(.bf16, shape.m, shape.k, shape.n)
            let blas = openBLAS(shape.m, shape.k, shape.n)
            best.bf16 = max(best.bf16, flops / bf16.best)
            best.f32 = max(best.f32, flops / f32.best, flops / blas.best)
            print(shape.name, "bf16", flops, bf16, against: blas)
            print(shape.name, "f32", flops, f32, against: blas)
        }
        return best
    }

    /// Bytes per second of reading a buffer of two GiB with all threads.
    func bandwidth() -> Double {
        let words = 1 << 28
        let buffer = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: words)
        unsafe buffer.initialize(repeating: 1)
        defer { unsafe buffer.deallocate() }
        let sums = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: threads)
        unsafe sums.initialize(repeating: 0)
        defer { unsafe sums.deallocate() }
        nonisolated(unsafe) let source = unsafe buffer
        nonisolated(unsafe) let results = unsafe sums
        let measurement = Measurement(budget: budget) {
            DispatchQueue.concurrentPerform(iterations: threads) { part in
                let share = words / threads
                unsafe results[part] = unsafe source[part * share..<(part + 1) * share]
                    .reduce(0, &+)
            }
        }
        precondition(unsafe sums.reduce(0, &+) > 0)
        let rate = Double(words) * 8 / measurement.best
        printer.section("Memory")
        printer.row(
            Row(name: "reading 2 GiB", value: "\(fixed(rate / 1e9)) GB/s", against: "–")
        )
        return rate
    }

    private func print(
        _ name: String,
        _ kind: String,
        _ flops: Double,
        _ ours: Measurement,
        against blas: Measurement
    ) {
        printer.row(
            Row(
                name: "\(name), \(kind)",
                value: "\(fixed(flops / ours.median / 1e9)) GFLOP/s",
                against: "OpenBLAS f32 \(fixed(flops / blas.median / 1e9)) GFLOP/s: "
                    + "\(fixed(blas.median / ours.median, 2))×"
            )
        )
    }

    private func product(
        _ precision: Precision,
        _ m: Int,
        _ k: Int,
        _ n: Int
    ) throws
        -> Measurement
    {
        let backend = try CPUBackend(precision: precision, threads: threads)
        let x = Tensor((0..<m * k).map { Float($0 % 17) / 17 }, shape: [m, k])
        let stored = Tensor((0..<n * k).map { Float($0 % 13) / 13 }, shape: [n, k])
        let weight = backend.prepare(stored)
        return Measurement(budget: budget) { _ = backend.linear(x, weight, bias: nil) }
    }

    private func openBLAS(_ m: Int, _ k: Int, _ n: Int) -> Measurement {
        let a = [Float](repeating: 0.5, count: m * k)
        let b = [Float](repeating: 0.25, count: n * k)
        var c = [Float](repeating: 0, count: m * n)
        return Measurement(budget: budget) {
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
