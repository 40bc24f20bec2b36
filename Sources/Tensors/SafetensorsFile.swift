public import InputFiles

/// A safetensors file: its header checked, its tensors mapped.
///
/// Sendable because nothing changes after `init` and mapped tensors cannot be written.
@safe
public final class SafetensorsFile: Sendable {
    /// The path as given.
    public let path: String
    /// Size, time of last change and number of the file when it was opened.
    public let identity: FileIdentity
    /// The header's text as stored, without the length in front; part of a checkpoint's digest.
    public let headerBytes: [UInt8]
    /// The strings under `__metadata__`.
    public var metadata: [String: String] { header.metadata }
    /// What the file holds, by position.
    public var entries: [SafetensorsEntry] { header.entries }

    private let header: SafetensorsHeader
    /// Index in `entries` by the name's UTF-8: as strings, NFC and NFD would be one name.
    private let places: [[UInt8]: Int]
    private let mapping: MappedFile

    /// Opens a file, checks its header and maps it; no tensor is touched yet.
    /// - Parameter path: absolute or relative to the working directory.
    /// - Throws: `SafetensorsError` for a header that breaks a rule of the format or does not fit
    ///   the file's size; `InputFileError` for a file that cannot be read.
    public init(_ path: String) throws {
        let file = try InputFile(path)
        let prefix = SafetensorsHeader.prefixByteCount
        headerBytes = try file.bytes(in: prefix..<prefix + Self.headerByteCount(file))
        header = try SafetensorsHeader(
            headerBytes,
            dataByteCount: file.byteCount - prefix - headerBytes.count,
            path: path
        )
        places = Dictionary(
            uniqueKeysWithValues: zip(header.entries.map { Array($0.name.utf8) }, 0...)
        )
        mapping = try file.map()
        identity = file.identity
        self.path = path
    }

    private static func headerByteCount(_ file: InputFile) throws -> Int {
        let prefix = SafetensorsHeader.prefixByteCount
        guard file.byteCount >= prefix else {
            throw SafetensorsError(path: file.path, reason: .noLength(got: file.byteCount))
        }
        let length = try file.bytes(in: 0..<prefix).reversed().reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
        }
        guard length <= SafetensorsHeader.byteLimit else {
            throw SafetensorsError(
                path: file.path,
                reason: .headerTooLarge(got: length, limit: SafetensorsHeader.byteLimit)
            )
        }
        let got = file.byteCount - prefix
        guard Int(length) <= got else {
            throw SafetensorsError(
                path: file.path,
                reason: .headerCut(got: got, expected: Int(length))
            )
        }
        return Int(length)
    }

    /// What the header says about a tensor.
    /// - Parameter name: full dotted name.
    /// - Returns: nil if the file has no such tensor.
    public func entry(_ name: String) -> SafetensorsEntry? {
        places[Array(name.utf8)].map { entries[$0] }
    }

    /// A tensor of the file, in place and read-only.
    ///
    /// Files that place a tensor at an address which its dtype cannot be read from (the format
    /// allows it, writers avoid it) cost a copy of that tensor.
    /// - Parameter name: full dotted name.
    /// - Returns: a tensor of the stored dtype and shape.
    /// - Throws: `SafetensorsError` if there is none of this name.
    public func tensor(_ name: String) throws -> Tensor {
        guard let entry = entry(name) else {
            throw SafetensorsError(path: path, reason: .noTensor(name))
        }
        let first = SafetensorsHeader.prefixByteCount + headerBytes.count + entry.range.lowerBound
        let bytes = unsafe UnsafeRawBufferPointer(
            rebasing: mapping.unsafeBytes[first..<first + entry.range.count]
        )
        let storage: TensorStorage
        if first % entry.dtype.byteCount == 0 {
            storage = unsafe TensorStorage(borrowing: bytes, from: mapping)
        } else {
            storage = unsafe TensorStorage(copying: bytes)
        }
        return Tensor(storage: storage, byteOffset: 0, shape: entry.shape, dtype: entry.dtype)
    }
}
