import Foundation
import Tensors
import TestSupport
import Testing

/// A search and what it must find, computed in double.
private struct Problem {
    let matrix: Tensor
    let queries: Tensor

    init(rows: Int, queries count: Int, width: Int, seed: UInt64) {
        var noise = Noise(seed: seed)
        matrix = Tensor(noise.floats(rows * width), shape: [rows, width])
        queries = Tensor(noise.floats(count * width), shape: [count, width])
    }

    func product(_ query: Int, _ row: Int) -> Double {
        zip(queries.row(query), matrix.row(row)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    /// Expects ranked rows to be the best up to rounding.
    func expectBest(
        _ got: [[RankedRow]],
        limit: Int,
        _ sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let tolerance = 1e-6 * Double(matrix.columns)
        for (query, ranked) in got.enumerated() {
            let products = (0..<matrix.rows).map { product(query, $0) }
            let best = products.sorted(by: >).prefix(limit)
            #expect(ranked.count == best.count, sourceLocation: sourceLocation)
            #expect(Set(ranked.map(\.row)).count == best.count, sourceLocation: sourceLocation)
            for (entry, expected) in zip(ranked, best) {
                let isClose =
                    abs(Double(entry.product) - products[entry.row]) <= tolerance
                    && abs(products[entry.row] - expected) <= 2 * tolerance
                #expect(isClose, "query \(query): \(entry)", sourceLocation: sourceLocation)
            }
        }
    }
}

struct SearchTests {
    @Test(arguments: TestedBackend.allF32)
    func theLargestProductsAreFoundAtEverySize(tested: TestedBackend) {
        let sizes = [(1, 1, 1), (5, 3, 7), (127, 2, 16), (128, 6, 33), (300, 7, 31), (1100, 3, 9)]
        for (seed, size) in sizes.enumerated() {
            let problem = Problem(
                rows: size.0,
                queries: size.1,
                width: size.2,
                seed: UInt64(seed)
            )
            for limit in [1, 2, 16, 5000] {
                let got = tested.backend.largestProducts(
                    of: problem.matrix,
                    with: problem.queries,
                    limits: Array(repeating: limit, count: size.1)
                )
                problem.expectBest(got, limit: limit)
            }
        }
    }

    @Test(arguments: TestedBackend.allF32)
    func fewerRowsAreTheBeginningOfAll(tested: TestedBackend) {
        let problem = Problem(rows: 2500, queries: 9, width: 24, seed: 5)
        func search(_ limits: [Int]) -> [[RankedRow]] {
            tested.backend.largestProducts(
                of: problem.matrix,
                with: problem.queries,
                limits: limits
            )
        }
        let all = search(Array(repeating: 2500, count: 9))
        let limits = [0, 1, 2, 4, 64, 65, 200, 2499, 2500]
        for (query, found) in search(limits).enumerated() {
            #expect(found == Array(all[query].prefix(limits[query])))
        }
    }

    @Test
    func neitherThreadsNorOtherQueriesNorOtherRowsChangeABit() throws {
        let problem = Problem(rows: 5000, queries: 400, width: 50, seed: 6)
        let limits = Array(repeating: 10, count: 400)
        let one = try CPUBackend(precision: .f32, threads: 1)
        let all = one.largestProducts(of: problem.matrix, with: problem.queries, limits: limits)
        for threads in [2, 3, 5] {
            let other = try CPUBackend(precision: .f32, threads: threads)
            #expect(
                other.largestProducts(of: problem.matrix, with: problem.queries, limits: limits)
                    == all
            )
        }
        for query in [0, 191, 192, 399] {
            let alone = one.largestProducts(
                of: problem.matrix,
                with: problem.queries.rowRange(query..<query + 1),
                limits: [10]
            )
            #expect(alone[0] == all[query])
            let best = all[query][0]
            let row = one.largestProducts(
                of: problem.matrix.rowRange(best.row..<best.row + 1),
                with: problem.queries.rowRange(query..<query + 1),
                limits: [1]
            )
            #expect(row[0].map(\.product) == [best.product])
        }
    }

    /// Vectors of many kinds, searched in codes by many queries and without codes by single ones.
    @Test(arguments: [1, 2], SearchedShape.allCases)
    func codesChangeNoBit(threads: Int, shape: SearchedShape) throws {
        let (rows, width, count) = (6000, 37, 40)
        var noise = Noise(seed: 8)
        let matrix = Tensor(shape.vectors(rows, width, &noise), shape: [rows, width])
        let asked = shape.vectors(count, width, &noise).map { $0 + shape.distance }
        let queries = Tensor(asked, shape: [count, width])
        let backend = try CPUBackend(precision: .f32, threads: threads)
        for limit in [1, 16, 300] {
            let found = backend.largestProducts(
                of: matrix,
                with: queries,
                limits: Array(repeating: limit, count: count)
            )
            for query in stride(from: 0, to: count, by: 5) {
                let alone = backend.largestProducts(
                    of: matrix,
                    with: queries.rowRange(query..<query + 1),
                    limits: [limit]
                )
                #expect(alone[0] == found[query], "query \(query), limit \(limit)")
            }
        }
    }

    @Test(arguments: [1, 4])
    func equalProductsStandInOrderOfTheirRows(threads: Int) throws {
        // Seven different rows over and over, the best of them at 3, 10, 17 …
        let distinct = (0..<7).map { index in [Float](repeating: index == 3 ? 2 : 1, count: 8) }
        let matrix = Tensor((0..<9000).flatMap { distinct[$0 % 7] }, shape: [9000, 8])
        let queries = Tensor([Float](repeating: 1, count: 16), shape: [2, 8])
        let backend = try CPUBackend(precision: .f32, threads: threads)
        for limit in [1, 63, 64, 200, 1286, 1300] {
            let found = backend.largestProducts(of: matrix, with: queries, limits: [limit, limit])
            let best = (0..<9000).filter { $0 % 7 == 3 } + (0..<9000).filter { $0 % 7 != 3 }
            #expect(found[0].map(\.row) == Array(best.prefix(limit)))
            #expect(found[0] == found[1])
        }
    }

    @Test
    func nothingIsFoundInNothing() throws {
        let backend = try CPUBackend(precision: .f32, threads: 2)
        let query = Tensor([1, 0], shape: [1, 2])
        let empty = Tensor(zeros: [0, 2])
        #expect(backend.largestProducts(of: empty, with: query, limits: [3]) == [[]])
        #expect(backend.largestProducts(of: query, with: empty, limits: []) == [])
        #expect(backend.largestProducts(of: query, with: query, limits: [0]) == [[]])
    }

    @Test
    func lengthsAreThoseOfTheRows() throws {
        let backend = try CPUBackend(precision: .f32, threads: 2)
        let matrix = Tensor([3, 4, 0, 0, .nan, 1, .infinity, 1], shape: [4, 2])
        let lengths = backend.rowLengths(of: matrix)
        #expect(lengths[..<2] == [5, 0] && lengths[2].isNaN && lengths[3] == .infinity)
        let many = backend.rowLengths(of: Tensor((0..<3000).map { Float($0) }, shape: [3000, 1]))
        #expect(many == (0..<3000).map { Double($0) })
    }
}

/// What vectors can be like.
enum SearchedShape: CaseIterable {
    /// In all directions.
    case even
    /// The same, with queries that are far away from them, on either side.
    case below, above
    /// All near one direction, a coordinate of which is far larger than the others.
    case leaning
    /// Few different ones.
    case repeated
    /// All the same, and so are all products.
    case same
    /// Lengths from 1e-20 to 1e18: codes say nothing about most.
    case wild
    /// Most of them zero.
    case sparse

    /// How far queries are moved in every coordinate.
    var distance: Float {
        switch self {
        case .below: -5
        case .above: 5
        default: 0
        }
    }

    func vectors(_ count: Int, _ width: Int, _ noise: inout Noise) -> [Float] {
        switch self {
        case .even, .below, .above: noise.floats(count * width)
        case .leaning:
            noise.floats(count * width, scale: 0.05).enumerated().map { index, value in
                value + (index % width == 5 ? -0.7 : 0.1)
            }
        case .repeated:
            (0..<count * width).map { index -> Float in
                let factor = index / width % 11 + 1
                return Float(factor * (index % width + 3) % 13) - 6
            }
        case .same: Array(repeating: 0.25, count: count * width)
        case .wild:
            (0..<count).flatMap { _ -> [Float] in
                let scale = Float(
                    sign: .plus,
                    exponent: Int(noise.next() % 120) - 60,
                    significand: 1
                )
                return noise.floats(width, scale: scale)
            }
        case .sparse:
            noise.floats(count * width).enumerated().map { index, value in
                index / width % 50 == 0 ? value : 0
            }
        }
    }
}

struct CodedQueriesTests {
    /// What the search relies on: with a product itself as the bound, its row stays open.
    @Test(arguments: SearchedShape.allCases, [1, 37, 130])
    func noProductThatReachesTheBoundIsLost(shape: SearchedShape, width: Int) throws {
        var noise = Noise(seed: 9)
        let (rows, count) = (4096, 32)
        let matrix = Tensor(shape.vectors(rows, width, &noise), shape: [rows, width])
        let asked = shape.vectors(count, width, &noise).map { $0 + shape.distance }
        let queries = Tensor(asked, shape: [count, width])
        // A CPU without the instruction searches without codes.
        guard let coded = CodedQueries(queries, for: matrix) else { return }
        let backend = try CPUBackend(precision: .f32, threads: 1)
        let tile = CodedTile(of: matrix, rows: 100, for: coded, at: count)
        var positions = [UInt32](repeating: 0, count: 100)
        for start in [0, 2000, 3996] {
            let part = start..<start + 100
            tile.encode(part, of: matrix, coded)
            tile.multiply(coded, 0..<count)
            let products = backend.linear(queries, backend.prepare(matrix.rowRange(part)))
            for query in 0..<count {
                for (place, product) in products.row(query).enumerated() where place % 9 == 0 {
                    let test = coded.test(query, product, tile)
                    let open = tile.positions(query, test, coded, into: &positions)
                    #expect(
                        positions[..<open].contains(UInt32(place)),
                        "query \(query), row \(start + place), product \(product)"
                    )
                }
            }
        }
    }
}

struct RankedRowsTests {
    @Test
    func anEqualRowCountsOnlyIfItStandsBeforeTheOthers() {
        var rows = RankedRows(limit: 2)
        #expect(rows.isOpen && rows.bound(from: 1000) == -.greatestFiniteMagnitude)
        for row in 1000..<1066 { rows.offer(RankedRow(row: row, product: 0.5)) }
        rows.advance(to: 1066)
        #expect(!rows.isOpen)
        #expect(rows.bound(from: 1066) == Float(0.5).nextUp)
        #expect(rows.bound(from: 200) == 0.5)
        rows.offer(RankedRow(row: 200, product: 0.5))
        rows.advance(to: 328)
        #expect(rows.bound(from: 328) == 0.5)
        #expect(rows.ranked().map(\.row) == [200, 1000])
    }

    @Test
    func whatOthersFoundIsMerged() {
        var one = RankedRows(limit: 3)
        var other = RankedRows(limit: 3)
        for row in 0..<4 { one.offer(RankedRow(row: row, product: Float(row))) }
        for row in 4..<8 { other.offer(RankedRow(row: row, product: Float(row % 4))) }
        one.merge(other)
        #expect(one.ranked().map(\.row) == [3, 7, 2])
        var none = RankedRows(limit: 0)
        #expect(!none.isOpen && none.bound(from: 0) == .infinity)
        #expect(none.ranked() == [])
    }
}

struct ScratchMatrixTests {
    @Test
    func rowsSetInAnyOrderAreReadBack() throws {
        try withTemporaryDirectory { folder in
            let matrix = try ScratchMatrix(rows: 700, columns: 5, folder: folder.path)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
            for row in (0..<700).reversed() where row != 11 {
                try matrix.set(row, to: (0..<5).map { Float(row * 5 + $0) })
            }
            let tensor = try matrix.finish()
            #expect(tensor.shape == [700, 5] && !tensor.isWritable)
            for row in [0, 1, 350, 699] {
                #expect(tensor.row(row) == (0..<5).map { Float(row * 5 + $0) })
            }
            #expect(tensor.row(11) == [0, 0, 0, 0, 0])
        }
    }

    @Test
    func aFolderWithoutRoomIsAnError() throws {
        #expect(throws: TensorError.self) {
            try ScratchMatrix(rows: 1, columns: 1, folder: "/nowhere/at/all")
        }
        try withTemporaryDirectory { folder in
            let tooLarge = 1 << 50
            let error = #expect(throws: TensorError.self) {
                try ScratchMatrix(rows: tooLarge, columns: 64, folder: folder.path)
            }
            let text = try #require(error?.description)
            #expect(text.contains(folder.path) && text.contains("\(tooLarge * 256) bytes"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }
}
