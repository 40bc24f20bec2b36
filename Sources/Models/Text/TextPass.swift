import Tensors

/// What all layers of one forward pass share.
struct TextPass {
    /// Neighbouring rows that see the same image.
    struct ImageRun {
        var rows: Range<Int>
        let image: ImageStates
    }

    let batch: PackedBatch
    let backend: any ComputeBackend
    /// Text position per row.
    let positions: [Int32]
    let rotary: RotaryTable
    /// Rows that see an image, ascending and disjoint; rows that see none are left out.
    let imageRuns: [ImageRun]
    let tap: LayerTap?

    init(
        _ batch: PackedBatch,
        rotary tables: RotaryTables,
        backend: any ComputeBackend,
        tap: LayerTap?
    ) {
        self.batch = batch
        self.backend = backend
        self.tap = tap
        positions = batch.positions
        rotary = tables.covering(Int(positions.max() ?? 0) + 1)
        imageRuns = Self.imageRuns(batch)
    }

    /// Runs reach across sequences: beams and candidates of one prompt read its image once.
    private static func imageRuns(_ batch: PackedBatch) -> [ImageRun] {
        var runs: [ImageRun] = []
        for sequence in batch.sequences {
            for (row, index) in zip(sequence.rows, sequence.imageIndex) where index >= 0 {
                let image = sequence.images[Int(index)]
                if let last = runs.last, last.image === image, last.rows.upperBound == row {
                    runs[runs.count - 1].rows = last.rows.lowerBound..<row + 1
                } else {
                    runs.append(ImageRun(rows: row..<row + 1, image: image))
                }
            }
        }
        return runs
    }
}
