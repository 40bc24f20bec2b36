/// Joins names from data files to the folder they must stay in.
public enum ContainedPath {
    /// The path of a file that a data file names relative to a folder.
    ///
    /// The name's *text* may not lead out of the folder: absolute names, `..`, and zero bytes are
    /// refused, with no decoding of `%2e` or backslashes, which are ordinary characters here.
    /// Symbolic links are followed wherever they lead: data roots and model caches are laid out
    /// with links by whoever owns them, whereas the names come from downloaded files.
    /// - Parameters:
    ///   - name: the name, relative, with `/` between folders.
    ///   - root: the folder.
    /// - Returns: `root`, `/` and the name.
    /// - Throws: ``InputFileError`` if the name is empty or leads out of the folder.
    public static func resolve(_ name: String, inside root: String) throws -> String {
        let bytes = name.utf8
        if bytes.isEmpty { throw unsafeName(name, "is empty") }
        if bytes.contains(0) { throw unsafeName(name, "holds a zero byte") }
        if bytes.first == UInt8(ascii: "/") { throw unsafeName(name, "is absolute") }
        for component in bytes.split(separator: UInt8(ascii: "/"))
        where component.elementsEqual("..".utf8) {
            throw unsafeName(name, "holds \"..\"")
        }
        return root.utf8.last == UInt8(ascii: "/") ? root + name : "\(root)/\(name)"
    }

    /// The path of a file that must lie directly in a folder, as a shard index names its files.
    /// - Parameters:
    ///   - fileName: a plain file name.
    ///   - folder: the folder.
    /// - Returns: `folder`, `/` and the name.
    /// - Throws: ``InputFileError`` if the name is empty, holds `/` or a zero byte, or is `.`
    ///   or `..`.
    public static func resolve(fileName: String, inside folder: String) throws -> String {
        if fileName.utf8.contains(UInt8(ascii: "/")) {
            throw unsafeName(fileName, "holds \"/\"; a plain file name is expected")
        }
        if fileName.utf8.elementsEqual(".".utf8) { throw unsafeName(fileName, "is a folder") }
        return try resolve(fileName, inside: folder)
    }

    private static func unsafeName(_ name: String, _ reason: String) -> InputFileError {
        .unsafeName(name: name, reason: reason)
    }
}
