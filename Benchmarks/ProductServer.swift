import Foundation
import Tensors

/// Our side of `tools/rivals/products.py`: products on request, for rounds that take turns.
///
/// Reads lines of `precision m k n seconds copies` and answers each with a JSON object: the seconds
/// of the fastest and the middle product. The products go through the copies of the weight in turn,
/// so that weights come from memory where the copies together exceed the caches. The line
/// `bandwidth` asks for bytes per second of reading 2 GiB.
struct ProductServer {
    let threads: Int

    /// Says which kernels it uses, then answers until the input ends.
    /// - Throws: `TensorError` for kernels that the CPU does not have.
    func run() throws {
        let backend = try CPUBackend(precision: .bf16, threads: threads)
        answer("idefics-eval, kernels \(backend.kernelSet)")
        while let line = readLine() {
            if line == "bandwidth" {
                answer(#"{"bytes_per_second": \#(bandwidth())}"#)
                continue
            }
            guard let request = ProductRequest(line) else {
                preconditionFailure("no product: \(line)")
            }
            let samples = try measure(request)
            answer(#"{"best": \#(samples[0]), "median": \#(samples[samples.count / 2])}"#)
        }
    }

    private func bandwidth() -> Double {
        let effort = Effort(isSmoke: false)
        let kernels = KernelBenchmarks(threads: threads, effort: effort, printer: ResultPrinter())
        return kernels.readRate(words: 1 << 28)
    }

    private func answer(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    /// Sorted seconds of each product.
    private func measure(_ request: ProductRequest) throws -> [Double] {
        let backend = try CPUBackend(precision: request.precision, threads: threads)
        let (m, k, n) = (request.m, request.k, request.n)
        let x = Tensor((0..<m * k).map { Float($0 % 17) / 17 - 0.5 }, shape: [m, k])
        let stored = Tensor((0..<n * k).map { Float($0 % 13) / 13 - 0.5 }, shape: [n, k])
        let weights = (0..<request.copies).map { _ in backend.prepare(stored) }
        _ = backend.linear(x, weights[0], bias: nil)
        let clock = ContinuousClock()
        var samples: [Double] = []
        var total = 0.0
        while total < request.seconds || samples.count < 3 {
            let weight = weights[(samples.count + 1) % weights.count]
            let duration = clock.measure { _ = backend.linear(x, weight, bias: nil) }
            samples.append(duration / .seconds(1))
            total += samples[samples.count - 1]
        }
        return samples.sorted()
    }
}

/// One product of activations `[m, k]` with weights `[n, k]`.
private struct ProductRequest {
    let precision: Precision
    let m: Int
    let k: Int
    let n: Int
    /// How long to repeat it.
    let seconds: Double
    /// Copies of the weight.
    let copies: Int

    /// Nil if the line is none.
    init?(_ line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 6, let precision = Precision(rawValue: words[0]),
            let m = Int(words[1]), let k = Int(words[2]), let n = Int(words[3]),
            let seconds = Double(words[4]), let copies = Int(words[5]), min(m, k, n, copies) > 0
        else { return nil }
        (self.precision, self.m, self.k, self.n) = (precision, m, k, n)
        (self.seconds, self.copies) = (seconds, copies)
    }
}
