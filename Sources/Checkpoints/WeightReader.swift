public import Tensors

/// Asks a checkpoint's weights for tensors by dotted name and expected shape.
///
/// A layer gets a reader scoped to its own name and asks for what it owns:
/// `reader.scope("model").scope("layers.3").tensor("input_layernorm.weight", [D])`. Tensors that
/// nobody asks for are never touched: old files carry leftovers.
public struct WeightReader: Sendable {
    private let catalog: WeightCatalog
    /// What stands before every name, with its final point; empty at the top.
    private let prefix: String

    init(_ catalog: WeightCatalog, prefix: String = "") {
        self.catalog = catalog
        self.prefix = prefix
    }

    /// A reader of the names below `name`.
    /// - Parameter name: one or more steps, such as `layers.3`.
    /// - Returns: the scoped reader.
    public func scope(_ name: String) -> WeightReader {
        WeightReader(catalog, prefix: prefix + name + ".")
    }

    /// A tensor in its stored dtype, mapped: nothing is read before it is used.
    /// - Parameters:
    ///   - name: its name below the scope.
    ///   - shape: the shape that the configuration asks for.
    /// - Returns: the tensor; BF16, F16 or F32.
    /// - Throws: `CheckpointError` if it is missing or has another shape or dtype.
    public func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
        try catalog.tensor(prefix + name, shape)
    }
}
