import Foundation
import StrictJSON

/// Writes tensors in the safetensors format.
public struct SafetensorsWriter {
    /// Strings for `__metadata__`, written in order of their keys; left out if empty.
    public var metadata: [String: String]
    private var tensors: [(name: String, tensor: Tensor)] = []

    /// Starts without tensors.
    /// - Parameter metadata: strings for `__metadata__`.
    public init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// Appends a tensor; data stand in the order of the calls.
    /// - Parameters:
    ///   - tensor: any dtype of whole bytes.
    ///   - name: not used before.
    /// - Precondition: the name is new and not `__metadata__`.
    public mutating func add(_ tensor: Tensor, as name: String) {
        precondition(
            name != "__metadata__" && !tensors.contains { $0.name.utf8.elementsEqual(name.utf8) },
            "safetensors writer: a second tensor '\(name)'"
        )
        tensors.append((name, tensor))
    }

    /// Writes the file under a temporary name and moves it in place: a reader never sees half.
    /// - Parameter path: where; an existing file is replaced.
    /// - Throws: `SafetensorsError` if it cannot be written.
    public func write(to path: String) throws {
        // Not the process id: threads share it, and so do machines that share a disk.
        let temporary = "\(path).partial-\(UUID().uuidString)"
        do {
            try writeContents(to: temporary)
            // Not FileManager's: rename replaces an existing file in one step.
            guard unsafe rename(temporary, path) == 0 else {
                throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
            }
        } catch {
            // The cause is reported; a leftover that cannot be removed adds nothing to it.
            try? FileManager.default.removeItem(atPath: temporary)
            throw SafetensorsError(path: path, reason: .write("\(error.localizedDescription)"))
        }
    }

    private func writeContents(to path: String) throws {
        try Data(header()).write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }  // synchronised below, where errors count
        try file.seekToEnd()
        for (_, tensor) in tensors {
            try tensor.withData { bytes in try file.write(contentsOf: bytes) }
        }
        try file.synchronize()
    }

    /// Length and text, padded with spaces so that data begin at a multiple of 8.
    private func header() -> [UInt8] {
        var members: [(String, JSONValue)] = []
        if !metadata.isEmpty {
            let sorted = metadata.sorted { $0.key < $1.key }
            members.append(("__metadata__", .object(.init(sorted.map { ($0, .string($1)) }))))
        }
        var end = 0
        for (name, tensor) in tensors {
            let begin = end
            end += tensor.byteCount
            members.append(
                (
                    name,
                    [
                        "dtype": .string(tensor.dtype.rawValue),
                        "shape": .array(tensor.shape.map { .integer($0) }),
                        "data_offsets": [.integer(begin), .integer(end)],
                    ]
                )
            )
        }
        var text = JSONValue.object(.init(members)).utf8()
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        return length + text
    }
}
