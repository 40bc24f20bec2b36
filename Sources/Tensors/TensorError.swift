/// What can be wrong with tensors and kernels from outside.
public enum TensorError: Error, Equatable, Sendable {
    /// A kernel set that does not exist or that this CPU cannot run.
    case unknownKernelSet(String, available: [String])
    /// A thread count below 1.
    case threadCount(Int)
    /// A file for numbers that memory is too small for cannot be made, written or mapped.
    case scratchFile(folder: String, byteCount: Int, reason: String)
}

extension TensorError: CustomStringConvertible {
    /// One line: what, got, expected.
    public var description: String {
        switch self {
        case .unknownKernelSet(let name, let available):
            "kernel set '\(name)' is not available on this CPU; "
                + "choose one of \(available.joined(separator: ", "))"
        case .threadCount(let count):
            "\(count) threads asked for; give 1 or more"
        case .scratchFile(let folder, let byteCount, let reason):
            "\(folder): no room for a temporary file of \(byteCount) bytes: \(reason)"
        }
    }
}
