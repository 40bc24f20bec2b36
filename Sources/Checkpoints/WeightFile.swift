public import InputFiles
public import Tensors

/// A safetensors file as far as provenance cares.
public struct WeightFile: Sendable {
    /// Its path.
    public let path: String
    /// Size, time of last change and number when it was opened.
    public let identity: FileIdentity
    /// What it holds.
    public let tensors: [SafetensorsEntry]
    /// The JSON header as stored.
    let header: [UInt8]

    /// Its name in the folder.
    var name: String { String(path.split(separator: "/").last ?? "") }

    init(_ file: SafetensorsFile) {
        path = file.path
        identity = file.identity
        header = file.headerBytes
        tensors = file.entries
    }
}
