import CKernels
import TestSupport
import Testing

/// A table for coded vectors called on arrays; results are checked for writes outside of them.
@safe
struct CodeKernelSet: @unchecked Sendable, CustomTestStringConvertible {
    private let table: UnsafePointer<ik_code_table>

    var testDescription: String { unsafe String(cString: table.pointee.name) }

    /// What this machine runs, the specification first.
    static let all = unsafe [ik_scalar_code_table(), ik_fast_code_table()].compactMap {
        unsafe $0.map { unsafe CodeKernelSet(table: $0) }
    }

    private init(table: UnsafePointer<ik_code_table>) { unsafe self.table = table }

    func encode(_ x: [Float], centre: [Float]) -> (codes: [Int8], coding: ik_coding) {
        let source = Operand(x, misalignment: 1, guardValue: .nan)
        let origin = Operand(centre, misalignment: 3, guardValue: .nan)
        let codes = Operand([Int8](repeating: 7, count: x.count), misalignment: 1, guardValue: 9)
        var coding = ik_coding()
        withExtendedLifetime((source, origin)) {
            unsafe table.pointee.encode(
                codes.start,
                &coding,
                source.start,
                origin.start,
                x.count
            )
        }
        #expect(codes.guardsAreIntact { $0 == 9 }, "\(testDescription) wrote outside")
        return (codes.values, coding)
    }

    /// Products of rows of codes, each of `width`; packed on the way.
    func multiply(_ a: [[Int8]], _ b: [[Int8]], width: Int) -> [[Int32]] {
        let (panels, groups) = ((b.count + 15) / 16, (width + 3) / 4)
        let packed = Operand(
            [UInt8](repeating: 200, count: panels * groups * 64),
            misalignment: 1,
            guardValue: 9
        )
        for (row, codes) in b.enumerated() {
            let source = Operand(codes, misalignment: 1, guardValue: 99)
            withExtendedLifetime(source) {
                unsafe ik_pack_codes(
                    packed.start + row / 16 * groups * 64,
                    source.start,
                    row % 16,
                    width
                )
            }
        }
        #expect(packed.guardsAreIntact { $0 == 9 }, "packing wrote outside")
        let padding = [Int8](repeating: 0, count: groups * 4 - width)
        let left = Operand(a.flatMap { $0 + padding }, misalignment: 1, guardValue: 99)
        let out = Operand(
            [Int32](repeating: 7, count: a.count * panels * 16),
            misalignment: 1,
            guardValue: 9
        )
        withExtendedLifetime((packed, left)) {
            unsafe table.pointee.multiply(
                out.start,
                left.start,
                packed.start,
                a.count,
                panels,
                groups
            )
        }
        #expect(out.guardsAreIntact { $0 == 9 }, "\(testDescription) wrote outside")
        let values = out.values
        return a.indices.map { Array(values[($0 * panels * 16)...].prefix(b.count)) }
    }

    func reaching(
        _ products: [Int32],
        scales: [Float],
        offsets: [Float],
        shift: Int32,
        factor: Float,
        bound: Float
    ) -> [UInt32] {
        let source = Operand(products, misalignment: 1, guardValue: .max)
        let scale = Operand(scales, misalignment: 1, guardValue: .nan)
        let offset = Operand(offsets, misalignment: 1, guardValue: .nan)
        let out = Operand(
            [UInt32](repeating: 7, count: products.count),
            misalignment: 1,
            guardValue: 9
        )
        let count = withExtendedLifetime((source, scale, offset)) {
            unsafe table.pointee.reaching(
                out.start,
                source.start,
                scale.start,
                offset.start,
                shift,
                factor,
                bound,
                products.count
            )
        }
        #expect(out.guardsAreIntact { $0 == 9 }, "\(testDescription) wrote outside")
        return Array(out.values.prefix(count))
    }
}

struct CodeKernelTests {
    private func codes(_ count: Int, _ noise: inout Noise) -> [Int8] {
        (0..<count).map { _ in Int8(Int(noise.next() % 255) - 127) }
    }

    @Test(arguments: CodeKernelSet.all, Array(1...67) + [768, 1025])
    func aCodeIsNearItsVectorAndSaysHowNear(kernels: CodeKernelSet, width: Int) {
        var noise = Noise(seed: UInt64(width))
        let (x, centre) = (noise.floats(width, scale: 3), noise.floats(width))
        let (codes, coding) = kernels.encode(x, centre: centre)
        let y = zip(x, centre).map { Double($0 - $1) }
        let errors = zip(y, codes).map { $0 - Double(coding.scale) * Double($1) }
        func length(_ values: [Double]) -> Double {
            values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        #expect(codes.allSatisfy { (-127...127).contains($0) })
        #expect(codes.contains { abs($0) == 127 })
        #expect(errors.allSatisfy { abs($0) <= Double(coding.scale) * 0.50001 })
        #expect(abs(Double(coding.length) - length(y)) <= 1e-5 * length(y))
        #expect(abs(Double(coding.error) - length(errors)) <= 1e-5 * length(y))
        let product = zip(centre, y).reduce(0) { $0 + Double($1.0) * $1.1 }
        #expect(abs(Double(coding.centre_product) - product) <= 1e-5 * length(y) * Double(width))
        #expect(coding.sum == codes.reduce(0) { $0 + Int32($1) })
    }

    @Test(arguments: CodeKernelSet.all)
    func codesAreThoseOfTheSpecification(kernels: CodeKernelSet) {
        var noise = Noise(seed: 3)
        for _ in 0..<50 {
            let (x, centre) = (noise.floats(301), noise.floats(301, scale: 0.1))
            let (codes, coding) = kernels.encode(x, centre: centre)
            let expected = CodeKernelSet.all[0].encode(x, centre: centre)
            #expect(codes == expected.codes && coding.scale == expected.coding.scale)
        }
    }

    @Test(arguments: CodeKernelSet.all)
    func whatHasNoScaleIsAllError(kernels: CodeKernelSet) {
        let zero = kernels.encode([1, 2, 3], centre: [1, 2, 3])
        #expect(zero.codes == [0, 0, 0] && zero.coding.length == 0 && zero.coding.error == 0)
        let tiny = kernels.encode([.leastNonzeroMagnitude, 0], centre: [0, 0])
        #expect(tiny.codes == [0, 0] && tiny.coding.scale == 0)
        let large = kernels.encode([3e38, 0], centre: [-3e38, 0])
        #expect(large.codes == [0, 0] && large.coding.scale == 0)
        #expect(large.coding.error == .infinity)
    }

    @Test(arguments: CodeKernelSet.all)
    func productsOfCodesAreExactAtEverySize(kernels: CodeKernelSet) {
        var noise = Noise(seed: 4)
        let sizes =
            (1...40).map { ($0, 70 - $0, $0 + 1) }
            + [(7, 128, 768), (6, 64, 65), (1, 16, 4), (13, 81, 3)]
        for (m, n, width) in sizes {
            let a = (0..<m).map { _ in codes(width, &noise) }
            let b = (0..<n).map { _ in codes(width, &noise) }
            let got = kernels.multiply(a, b, width: width)
            for (row, products) in zip(a, got) {
                let expected = b.map { other in
                    zip(row, other).reduce(Int32(0)) { $0 + Int32($1.0) * (Int32($1.1) + 128) }
                }
                #expect(products == expected, "m \(m) n \(n) width \(width)")
            }
        }
    }

    @Test(arguments: CodeKernelSet.all)
    func theLargestCodesOfTheWidestVectorsDoNotOverflow(kernels: CodeKernelSet) {
        let widest = 1 << 16
        let most = [Int8](repeating: 127, count: widest)
        let least = [Int8](repeating: -127, count: widest)
        let got = kernels.multiply([most, least], [most, least], width: widest)
        let full = Int32(widest) * 127 * 255
        #expect(got == [[full, Int32(widest) * 127], [-full, -Int32(widest) * 127]])
    }

    @Test(arguments: CodeKernelSet.all, Array(0...40))
    func whatReachesTheBoundPasses(kernels: CodeKernelSet, count: Int) {
        var noise = Noise(seed: UInt64(count))
        let products = (0..<count).map { _ in Int32(noise.next() % 2000) }
        let scales = noise.floats(count).map { abs($0) / 64 }
        var offsets = noise.floats(count)
        if count > 5 { offsets[5] = .nan }
        for bound in [-Float.infinity, -1, 0, 2.5, .infinity] {
            let got = kernels.reaching(
                products,
                scales: scales,
                offsets: offsets,
                shift: 1000,
                factor: 0.5,
                bound: bound
            )
            let values = products.indices.map {
                0.5 * scales[$0] * Float(products[$0] - 1000) + offsets[$0]
            }
            // A value within rounding of the bound may fall on either side.
            let sure = products.indices.filter { !(values[$0] < bound + 1e-5) }
            let possible = products.indices.filter { !(values[$0] < bound - 1e-5) }
            #expect(Set(got).isSuperset(of: sure.map { UInt32($0) }))
            #expect(Set(got).isSubset(of: possible.map { UInt32($0) }))
            #expect(got == got.sorted())
        }
        let all = kernels.reaching(
            products,
            scales: scales,
            offsets: offsets,
            shift: 0,
            factor: 1,
            bound: .nan
        )
        #expect(all == (0..<count).map { UInt32($0) })
    }
}
