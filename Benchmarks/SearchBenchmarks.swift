import Foundation
import ShotSelection
import Tensors

/// The exact search for the most similar support pictures.
struct SearchBenchmarks {
    let threads: Int
    let effort: Effort
    let printer: ResultPrinter

    /// Prints the rate of a search over vectors in a mapped file.
    func run() throws {
        let count = effort.size(262_144, smoke: 3_000)
        let width = effort.size(768, smoke: 32)
        let queries = effort.size(256, smoke: 5)
        printer.section("Search of \(count) × \(width) vectors, \(threads) threads")
        try withTemporaryFolder { folder in
            var vectors = RandomUnitVectors(width: width)
            var builder = try EmbeddingIndexBuilder(
                count: count,
                width: width,
                memoryLimit: 0,
                folder: folder.path,
                threads: threads
            )
            for position in 0..<count { try builder.set(position, vectors.next()) }
            let index = try builder.finish()
            let asked = (0..<queries).map { _ in vectors.next() }
            print(index, Array(asked.prefix(1)))
            print(index, asked)
        }
    }

    private func print(_ index: EmbeddingIndex, _ queries: [[Float]]) {
        let time = Measurement(effort) { _ = index.nearest(queries, count: 16) }
        let products = Double(queries.count) * Double(index.count) * Double(index.width)
        printer.row(
            Row(
                name: "16 neighbours of \(queries.count) queries",
                value: "\(fixed(time.median * 1e3)) ms",
                against: "\(fixed(2 * products / time.median / 1e9)) GFLOP/s of products"
            )
        )
    }

    /// Searches a file of embeddings for those nearest to the vectors of another one.
    ///
    /// Prints a JSON object with the seconds of the search alone and writes the neighbours to
    /// `neighbours.bin` beside the index: an i32 and an f32 for each, query by query.
    static func search(_ request: SearchRequest, threads: Int) throws {
        let file = try SafetensorsFile(request.queries)
        let tensor = try file.tensor(EmbeddingIndex.tensorName)
        let queries = (0..<tensor.rows).map { tensor.row($0) }
        let index = try EmbeddingIndex(
            mapping: request.index,
            width: tensor.columns,
            threads: threads
        )
        var found: [[Neighbour]] = []
        let start = ProcessTimes.now
        found = index.nearest(queries, count: request.count)
        let end = ProcessTimes.now
        let folder = URL(fileURLWithPath: request.index).deletingLastPathComponent()
        try bytes(of: found).write(to: folder.appendingPathComponent("neighbours.bin"))
        Swift.print(
            #"{"seconds": \#(end.wall - start.wall), "cpu_seconds": \#(end.cpu - start.cpu), "#
                + #""peak_rss_bytes": \#(peakResidentBytes())}"#
        )
    }

    private static func bytes(of found: [[Neighbour]]) -> Data {
        var data = Data()
        for neighbour in found.joined() {
            for word in [UInt32(neighbour.index), neighbour.similarity.bitPattern] {
                data.append(contentsOf: (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) })
            }
        }
        return data
    }
}

/// What `--search INDEX QUERIES --neighbours K` asks for.
struct SearchRequest {
    /// A file of embeddings.
    let index: String
    /// Another one.
    let queries: String
    /// Neighbours of each query.
    let count: Int
}

/// Seconds since some moment.
private struct ProcessTimes {
    let wall: Double
    /// Of all threads.
    let cpu: Double

    static var now: ProcessTimes {
        ProcessTimes(
            wall: Double(DispatchTime.now().uptimeNanoseconds) / 1e9,
            cpu: Double(clock()) / Double(CLOCKS_PER_SEC)
        )
    }
}

/// Reproducible vectors of length 1 in directions that are nearly even.
private struct RandomUnitVectors {
    let width: Int
    private var state: UInt64 = 1

    init(width: Int) { self.width = width }

    mutating func next() -> [Float] {
        let numbers = (0..<width).map { _ in number() }
        let length = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return numbers.map { $0 / length }
    }

    /// A number in -1 ..< 1: Knuth's multiplier, upper bits.
    private mutating func number() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 23) - 1
    }
}
