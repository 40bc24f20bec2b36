import EvalCore
import Models
import Tensors

/// The rows of one trip through the decoder and who waits for which logits.
struct DecoderPass {
    /// Consecutive tokens of one sequence.
    struct Stretch {
        var tokens: [Int32]
        /// The image of `images` that each token sees, −1 for none.
        var imageIndex: [Int32]
        var cache: KeyValueCache
        var images: [ImageStates]
        /// Rows whose logits are wanted, counted from the stretch's first, ascending.
        var requestedRows: [Int]
    }

    /// Receives a row's number within its stretch and its logits.
    typealias Receiver = (_ row: Int, _ logits: LogitRow) throws -> Void

    /// A requested row and who takes its logits.
    private struct Destination {
        let owner: Int
        let row: Int
        let receive: Receiver
    }

    private(set) var batch = PackedBatch()
    private var destinations: [Destination] = []
    private let tokenLimit: Int
    /// The request whose stretches are being added; a failure is charged to it.
    var owner = 0

    /// Logits of a large vocabulary take 128 KB a row, so they are made for some rows at a time.
    static let projectedRows = 256

    init(tokenLimit: Int) { self.tokenLimit = tokenLimit }

    /// How many rows still fit; decode steps may exceed the limit.
    var room: Int { max(0, tokenLimit - batch.tokens.count) }

    mutating func add(_ stretch: Stretch, then receive: @escaping Receiver) {
        batch.append(
            tokens: stretch.tokens,
            cache: stretch.cache,
            imageIndex: stretch.imageIndex,
            images: stretch.images,
            requestedRows: .list(stretch.requestedRows)
        )
        destinations += stretch.requestedRows.map {
            Destination(owner: owner, row: $0, receive: receive)
        }
    }

    /// Computes the rows and hands out the logits, in the order in which rows were added.
    /// - Returns: by owner, why its logits are of no use; its further rows are not handed out.
    /// - Throws: errors of the receivers other than `SampleFailure`.
    func execute(on model: IdeficsModel) throws -> [Int: SampleFailure] {
        var failures: [Int: SampleFailure] = [:]
        let hidden = model.hiddenStates(batch)  // [M, D]
        for start in stride(from: 0, to: hidden.rows, by: Self.projectedRows) {
            let rows = start..<min(start + Self.projectedRows, hidden.rows)
            let logits = model.logits(of: hidden.rowRange(rows))  // [rows, V + A]
            for row in rows where failures[destinations[row].owner] == nil {
                let destination = destinations[row]
                do {
                    let logits = try LogitRow(logits, row: row - start, backend: model.backend)
                    try destination.receive(destination.row, logits)
                } catch let failure as SampleFailure {
                    failures[destination.owner] = failure
                }
            }
        }
        return failures
    }
}
