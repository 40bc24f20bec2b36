import Synchronization
import Tensors

/// The rotary table, grown to the longest sequence met; a position's angles never change.
final class RotaryTables: Sendable {
    private let headWidth: Int
    private let table: Mutex<RotaryTable>

    init(headWidth: Int) {
        self.headWidth = headWidth
        table = Mutex(RotaryTable(headDimension: headWidth, positionCount: 256))
    }

    /// A table of at least `positionCount` positions.
    func covering(_ positionCount: Int) -> RotaryTable {
        table.withLock { table in
            if table.positionCount < positionCount {
                table = RotaryTable(
                    headDimension: headWidth,
                    positionCount: max(positionCount, 2 * table.positionCount)
                )
            }
            return table
        }
    }
}
