import Foundation
import Tensors
import TestSupport
import Testing

/// Keys and values of one segment in f32, cut into spans behind some rows that belong to nobody.
private struct Context {
    let keys: [Float]
    let values: [Float]
    let width: Int

    var count: Int { keys.count / width }

    init(count: Int, width: Int, noise: inout Noise) {
        keys = noise.floats(count * width, scale: 2)
        values = noise.floats(count * width)
        self.width = width
    }

    /// Spans of the given lengths; each lies in a tensor with three NaN rows before and after.
    func spans(_ lengths: [Int], dtype: DType) -> [KeyValueSpan] {
        precondition(lengths.reduce(0, +) == count)
        var start = 0
        return lengths.map { length in
            let range = start * width..<(start + length) * width
            start += length
            let guardRows = [Float](repeating: .nan, count: 3 * width)
            let tensor = { (x: [Float]) in
                Tensor(guardRows + x[range] + guardRows, shape: [length + 6, width])
                    .converted(to: dtype)
            }
            return KeyValueSpan(
                keys: tensor(keys),
                values: tensor(values),
                range: 3..<3 + length
            )
        }
    }
}

/// Attention by its definition, in double; `visible` gives the number of keys a row sees.
private func definition(
    _ queries: [Float],
    _ context: Context,
    heads: Int,
    scale: Float,
    visible: (Int) -> Int
) -> [Float] {
    let d = context.width / heads
    let rows = queries.count / context.width
    var out = [Double](repeating: 0, count: queries.count)
    for row in 0..<rows where visible(row) > 0 {
        for head in 0..<heads {
            let query = row * context.width + head * d
            let scores = (0..<visible(row)).map { key in
                (0..<d).reduce(0.0) {
                    $0 + Double(queries[query + $1])
                        * Double(context.keys[key * context.width + head * d + $1])
                } * Double(scale)
            }
            let largest = scores.max() ?? 0
            let weights = scores.map { exp($0 - largest) }
            let sum = weights.reduce(0, +)
            for (key, weight) in weights.enumerated() {
                for l in 0..<d {
                    out[query + l] +=
                        weight / sum * Double(context.values[key * context.width + head * d + l])
                }
            }
        }
    }
    return out.floats
}

struct AttentionTests {
    @Test(arguments: TestedBackend.allF32, [3, 12, 16, 64, 80, 96, 128])
    func everySpanAndMaskMatchesTheDefinition(tested: TestedBackend, d: Int) {
        var noise = Noise(seed: UInt64(d))
        let heads = 3
        for (rows, lengths, causal) in [
            (1, [1], true), (1, [1], false), (5, [5], true), (5, [9], true), (30, [30], true),
            (4, [130, 4], true), (7, [64, 7], true), (1, [63, 1], true), (13, [65], false),
            (2, [3, 70, 1], false), (70, [70], true), (3, [0, 5, 3], true), (6, [40, 0], false),
        ] {
            let count = lengths.reduce(0, +)
            let context = Context(count: count, width: heads * d, noise: &noise)
            let queries = noise.floats(rows * heads * d, scale: 2)
            let out = tested.backend.attention(
                Tensor(queries, shape: [rows, heads * d]),
                heads: heads,
                scale: 0.3,
                segments: [
                    AttentionSegment(
                        queryRows: 0..<rows,
                        spans: context.spans(lengths, dtype: .f32),
                        causal: causal
                    )
                ]
            )
            let expected = definition(queries, context, heads: heads, scale: 0.3) {
                causal ? count - rows + $0 + 1 : count
            }
            expectClose(out.floats(), expected, absolute: 4e-6)
        }
    }

    @Test(arguments: TestedBackend.allBF16, [12, 80])
    func bf16CachesMatchTheDefinitionOnRoundedNumbers(tested: TestedBackend, d: Int) {
        var noise = Noise(seed: 21)
        let queries = noise.floats(9 * 2 * d).map(roundedToBF16)
        let wide = Context(count: 100, width: 2 * d, noise: &noise)
        let spans = wide.spans([60, 40], dtype: .bf16)
        let out = tested.backend.attention(
            Tensor(queries, shape: [9, 2 * d]),
            heads: 2,
            scale: 0.2,
            segments: [AttentionSegment(queryRows: 0..<9, spans: spans, causal: true)]
        )
        let rounded = Context(rounding: wide)
        let expected = definition(queries, rounded, heads: 2, scale: 0.2) { 100 - 9 + $0 + 1 }
        expectClose(out.floats(), expected, absolute: 4e-6)
    }

    @Test(arguments: TestedBackend.all, [12, 80])
    func cutsBatchesAndThreadsChangeNoBit(tested: TestedBackend, d: Int) {
        var noise = Noise(seed: 22)
        let heads = 2
        let dtype = tested.backend.cacheDType
        let context = Context(count: 200, width: heads * d, noise: &noise)
        let queries = Tensor(noise.floats(200 * heads * d), shape: [200, heads * d])
        let attend = { (backend: CPUBackend, x: Tensor, spans: [KeyValueSpan]) in
            backend.attention(
                x,
                heads: heads,
                scale: 0.25,
                segments: [AttentionSegment(queryRows: 0..<x.rows, spans: spans, causal: true)]
            )
        }
        let whole = attend(tested.backend, queries, context.spans([200], dtype: dtype))
        for threads in [2, 3] {
            let other = TestedBackend(
                tested.backend.precision,
                threads: threads,
                kernelSet: tested.backend.kernelSet
            )
            let out = attend(other.backend, queries, context.spans([200], dtype: dtype))
            #expect(out.floats() == whole.floats())
        }
        // Rows alone, with the keys they see cut anywhere: as in decoding with a shared prefix.
        for (row, cut) in [(0, 0), (1, 1), (63, 20), (64, 64), (150, 70), (199, 128)] {
            let seen = Context(prefix: row + 1, of: context)
            let spans = seen.spans([cut, row + 1 - cut], dtype: dtype)
            let out = attend(tested.backend, queries.rowRange(row..<row + 1), spans)
            #expect(out.floats() == whole.row(row))
        }
    }

    @Test(arguments: TestedBackend.all)
    func packedSegmentsEqualSeparateCalls(tested: TestedBackend) {
        var noise = Noise(seed: 23)
        let (heads, d) = (4, 16)
        let queries = Tensor(noise.floats(20 * 64), shape: [20, 64])
        let dtype = tested.backend.cacheDType
        let first = Context(count: 90, width: 64, noise: &noise).spans([80, 10], dtype: dtype)
        let second = Context(count: 7, width: 64, noise: &noise).spans([7], dtype: dtype)
        let segments = [
            AttentionSegment(queryRows: 10..<13, spans: second, causal: false),
            AttentionSegment(queryRows: 0..<10, spans: first, causal: true),
            AttentionSegment(queryRows: 15..<18, spans: [], causal: true),
        ]
        let packed = tested.backend.attention(
            queries,
            heads: heads,
            scale: 1 / Float(d).squareRoot(),
            segments: segments
        )
        for segment in segments {
            let rows = segment.queryRows
            let alone = tested.backend.attention(
                queries.rowRange(rows),
                heads: heads,
                scale: 1 / Float(d).squareRoot(),
                segments: [
                    AttentionSegment(
                        queryRows: 0..<rows.count,
                        spans: segment.spans,
                        causal: segment.causal
                    )
                ]
            )
            #expect(alone.floats() == packed.rowRange(rows).floats())
        }
        #expect(packed.rowRange(13..<20).floats() == [Float](repeating: 0, count: 7 * 64))
    }

    @Test(arguments: TestedBackend.all)
    func valuesThatARowDoesNotSeeCannotTouchIt(tested: TestedBackend) {
        var noise = Noise(seed: 24)
        let keys = Tensor(noise.floats(6 * 8), shape: [6, 8])
        var values = noise.floats(6 * 8)
        for index in 40..<48 { values[index] = .infinity }
        let span = KeyValueSpan(keys: keys, values: Tensor(values, shape: [6, 8]), range: 0..<6)
        let out = tested.backend.attention(
            Tensor(noise.floats(6 * 8), shape: [6, 8]),
            heads: 2,
            scale: 1,
            segments: [AttentionSegment(queryRows: 0..<6, spans: [span], causal: true)]
        )
        #expect(out.rowRange(0..<5).floats().filter(\.isFinite).count == 40)
        #expect(out.row(5) == [Float](repeating: .infinity, count: 8))
    }

    @Test(arguments: TestedBackend.all)
    func rotationKeepsLengthsAndTurnsByPosition(tested: TestedBackend) {
        var noise = Noise(seed: 25)
        let table = RotaryTable(headDimension: 6, positionCount: 50)
        let values = noise.floats(3 * 12)
        let x = Tensor(values, shape: [3, 12])
        tested.backend.rotate(x, heads: 2, positions: [0, 7, 49], table: table)
        #expect(x.row(0) == Array(values[0..<12]))
        var expected: [Double] = []
        for (row, position) in [0.0, 7, 49].enumerated() {
            for head in 0..<2 {
                let start = row * 12 + head * 6
                let angles = (0..<3).map { position * pow(10_000, -2 * Double($0) / 6) }
                expected += (0..<3).map {
                    Double(values[start + $0]) * cos(angles[$0])
                        - Double(values[start + $0 + 3]) * sin(angles[$0])
                }
                expected += (0..<3).map {
                    Double(values[start + $0 + 3]) * cos(angles[$0])
                        + Double(values[start + $0]) * sin(angles[$0])
                }
            }
        }
        expectClose(x.floats(), expected.floats, absolute: 4e-6)
    }
}

extension Context {
    fileprivate init(prefix count: Int, of other: Context) {
        keys = Array(other.keys[0..<count * other.width])
        values = Array(other.values[0..<count * other.width])
        width = other.width
    }

    fileprivate init(rounding other: Context) {
        keys = other.keys.map(roundedToBF16)
        values = other.values.map(roundedToBF16)
        width = other.width
    }
}
