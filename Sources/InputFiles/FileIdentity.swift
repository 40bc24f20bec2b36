/// What tells one version of a file from another without reading it.
public struct FileIdentity: Sendable, Hashable, Codable {
    /// The device that holds the file.
    public let device: UInt64
    /// Its number on the device.
    public let inode: UInt64
    /// Its size in bytes.
    public let byteCount: Int
    /// The time of its last change, in nanoseconds since 1970.
    public let modificationNanoseconds: Int

    /// Creates an identity.
    /// - Parameters:
    ///   - device: the device that holds the file.
    ///   - inode: its number there.
    ///   - byteCount: its size.
    ///   - modificationNanoseconds: the time of its last change since 1970.
    public init(device: UInt64, inode: UInt64, byteCount: Int, modificationNanoseconds: Int) {
        self.device = device
        self.inode = inode
        self.byteCount = byteCount
        self.modificationNanoseconds = modificationNanoseconds
    }
}
