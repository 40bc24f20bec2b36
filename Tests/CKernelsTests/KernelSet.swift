import CKernels
import Testing

/// A kernel table called on arrays; results are checked for writes outside of them.
@safe
struct KernelSet: @unchecked Sendable, CustomTestStringConvertible {
    /// Elements by which all operands are displaced from their natural alignment.
    var misalignment = 1
    private let table: UnsafePointer<ik_table>

    var testDescription: String { unsafe String(cString: table.pointee.name) }

    /// What this machine runs, the specification first.
    static let all = (0..<IK_ISA_COUNT.rawValue).compactMap { isa in
        unsafe ik_table_for(ik_isa(rawValue: isa)).map { unsafe KernelSet(table: $0) }
    }
    static let scalar = all[0]
    static let variants = Array(all.dropFirst())

    private init(table: UnsafePointer<ik_table>) { unsafe self.table = table }

    private func operand(_ values: [Float]) -> Operand<Float> {
        Operand(values, misalignment: misalignment, guardValue: .nan)
    }

    private func operand(_ values: [UInt16]) -> Operand<UInt16> {
        Operand(values, misalignment: misalignment, guardValue: 0x7fc1)
    }

    private func result(_ out: Operand<Float>) -> [Float] {
        #expect(out.guardsAreIntact(\.isNaN), "\(testDescription) wrote outside of its result")
        return out.values
    }

    // MARK: Products; `sizes` are m, n, k

    struct Sizes: CustomTestStringConvertible {
        var m: Int, n: Int, k: Int
        var testDescription: String { "m \(m) n \(n) k \(k)" }
    }

    func gemm(_ a: [Float], _ b: [Float], bias: [Float]? = nil, _ sizes: Sizes) -> [Float] {
        let (a, b, bias) = (operand(a), operand(b), bias.map { operand($0) })
        let out = operand([Float](repeating: 7, count: sizes.m * sizes.n))
        withExtendedLifetime((a, b, bias)) {
            unsafe table.pointee.gemm_f32(
                out.start,
                a.start,
                b.start,
                bias?.start,
                sizes.m,
                sizes.n,
                sizes.k,
                sizes.n,
                sizes.k,
                sizes.k
            )
        }
        return result(out)
    }

    func gemm(_ a: [UInt16], _ b: [UInt16], bias: [Float]? = nil, _ sizes: Sizes) -> [Float] {
        let (a, b, bias) = (operand(a), operand(b), bias.map { operand($0) })
        let out = operand([Float](repeating: 7, count: sizes.m * sizes.n))
        withExtendedLifetime((a, b, bias)) {
            unsafe table.pointee.gemm_bf16(
                out.start,
                a.start,
                b.start,
                bias?.start,
                sizes.m,
                sizes.n,
                sizes.k,
                sizes.n,
                sizes.k,
                sizes.k
            )
        }
        return result(out)
    }

    /// `out + p v` with m rows, n keys and heads of width k; the keys come in pieces.
    func accumulate(
        _ out: [Float],
        _ p: [Float],
        _ v: [Float],
        _ sizes: Sizes,
        pieces: [Int]
    ) -> [Float] {
        let (out, p, v) = (operand(out), operand(p), operand(v))
        var key = 0
        for piece in pieces {
            withExtendedLifetime((p, v)) {
                unsafe table.pointee.accumulate_f32(
                    out.start,
                    p.start + key,
                    v.start + key * sizes.k,
                    sizes.m,
                    piece,
                    sizes.k,
                    sizes.k,
                    sizes.n,
                    sizes.k
                )
            }
            key += piece
        }
        return result(out)
    }

    func accumulate(
        _ out: [Float],
        _ p: [Float],
        _ v: [UInt16],
        _ sizes: Sizes,
        pieces: [Int]
    ) -> [Float] {
        let (out, p, v) = (operand(out), operand(p), operand(v))
        var key = 0
        for piece in pieces {
            withExtendedLifetime((p, v)) {
                unsafe table.pointee.accumulate_bf16(
                    out.start,
                    p.start + key,
                    v.start + key * sizes.k,
                    sizes.m,
                    piece,
                    sizes.k,
                    sizes.k,
                    sizes.n,
                    sizes.k
                )
            }
            key += piece
        }
        return result(out)
    }

    // MARK: Conversions

    func roundBF16(_ x: [Float]) -> [UInt16] {
        let (x, out) = (operand(x), operand([UInt16](repeating: 7, count: x.count)))
        let count = x.values.count
        withExtendedLifetime(x) { unsafe table.pointee.round_bf16(out.start, x.start, count) }
        #expect(out.guardsAreIntact { $0 == 0x7fc1 })
        return out.values
    }

    func widenBF16(_ x: [UInt16]) -> [Float] {
        let (source, out) = (operand(x), operand([Float](repeating: 7, count: x.count)))
        withExtendedLifetime(source) {
            unsafe table.pointee.widen_bf16(out.start, source.start, x.count)
        }
        return result(out)
    }

    func widenF16(_ x: [UInt16]) -> [Float] {
        let (source, out) = (operand(x), operand([Float](repeating: 7, count: x.count)))
        withExtendedLifetime(source) {
            unsafe table.pointee.widen_f16(out.start, source.start, x.count)
        }
        return result(out)
    }

    // MARK: Rows

    struct SoftmaxState: Equatable { var maximum = -Float.infinity, sum: Float = 0 }

    func softmaxTile(
        _ x: [Float],
        _ state: inout SoftmaxState,
        scale: Float
    ) -> (weights: [Float], factor: Float) {
        let out = operand(x)
        let factor = unsafe table.pointee.softmax_tile(
            out.start,
            &state.maximum,
            &state.sum,
            scale,
            x.count
        )
        return (result(out), factor)
    }

    func rmsNorm(_ x: [Float], weight: [Float], epsilon: Float) -> [Float] {
        let (source, weight) = (operand(x), operand(weight))
        let out = operand([Float](repeating: 7, count: x.count))
        withExtendedLifetime((source, weight)) {
            unsafe table.pointee.rms_norm(
                out.start,
                source.start,
                weight.start,
                epsilon,
                x.count
            )
        }
        return result(out)
    }

    func layerNorm(_ x: [Float], weight: [Float], bias: [Float], epsilon: Float) -> [Float] {
        let (source, weight, bias) = (operand(x), operand(weight), operand(bias))
        let out = operand([Float](repeating: 7, count: x.count))
        withExtendedLifetime((source, weight, bias)) {
            unsafe table.pointee.layer_norm(
                out.start,
                source.start,
                weight.start,
                bias.start,
                epsilon,
                x.count
            )
        }
        return result(out)
    }

    func activate(_ x: [Float], _ activation: ik_activation) -> [Float] {
        let (source, out) = (operand(x), operand([Float](repeating: 7, count: x.count)))
        withExtendedLifetime(source) {
            unsafe table.pointee.activate(out.start, source.start, activation, x.count)
        }
        return result(out)
    }

    func multiply(_ x: [Float], _ y: [Float]) -> [Float] {
        let (out, y) = (operand(x), operand(y))
        withExtendedLifetime(y) { unsafe table.pointee.multiply(out.start, y.start, x.count) }
        return result(out)
    }

    func add(_ x: [Float], _ y: [Float]) -> [Float] {
        let (out, y) = (operand(x), operand(y))
        withExtendedLifetime(y) { unsafe table.pointee.add(out.start, y.start, x.count) }
        return result(out)
    }

    func scale(_ x: [Float], _ factor: Float) -> [Float] {
        let out = operand(x)
        unsafe table.pointee.scale(out.start, factor, x.count)
        return result(out)
    }

    func addScaled(_ x: [Float], _ y: [Float], _ factor: Float) -> [Float] {
        let (out, y) = (operand(x), operand(y))
        withExtendedLifetime(y) {
            unsafe table.pointee.add_scaled(out.start, y.start, factor, x.count)
        }
        return result(out)
    }

    func addGated(_ x: [Float], _ y: [Float], gate: [Float]) -> [Float] {
        let (out, y, gate) = (operand(x), operand(y), operand(gate))
        withExtendedLifetime((y, gate)) {
            unsafe table.pointee.add_gated(out.start, y.start, gate.start, x.count)
        }
        return result(out)
    }

    func rotate(_ x: [Float], cosines: [Float], sines: [Float], heads: Int) -> [Float] {
        let (out, cosines, sines) = (operand(x), operand(cosines), operand(sines))
        withExtendedLifetime((cosines, sines)) {
            unsafe table.pointee.rotate(
                out.start,
                cosines.start,
                sines.start,
                heads,
                x.count / heads
            )
        }
        return result(out)
    }

    func maximum(_ x: [Float]) -> Float {
        let source = operand(x)
        return withExtendedLifetime(source) {
            unsafe table.pointee.maximum(source.start, x.count)
        }
    }

    func sumExp(_ x: [Float], maximum: Float) -> Double {
        let source = operand(x)
        return withExtendedLifetime(source) {
            unsafe table.pointee.sum_exp(source.start, maximum, x.count)
        }
    }

    func positions(in x: [Float], atLeast bound: Float) -> [UInt32] {
        let source = operand(x)
        let out = Operand([UInt32](repeating: 7, count: x.count), misalignment: 1, guardValue: 9)
        let count = withExtendedLifetime(source) {
            unsafe table.pointee.at_least(out.start, source.start, bound, x.count)
        }
        #expect(out.guardsAreIntact { $0 == 9 }, "\(testDescription) wrote outside of its result")
        return Array(out.values.prefix(count))
    }
}
