/// A link inside a report: relative, with nothing in it that data could have chosen freely.
struct PageLink: Sendable, Hashable {
    /// The link as an attribute holds it.
    let text: String

    /// A link to a file.
    /// - Parameters:
    ///   - path: folders and file below the report's site, each made of `PageName.file`'s
    ///     characters.
    ///   - page: the page that the link stands on, likewise.
    init(to path: String, from page: String) {
        let target = Self.steps(path)
        let folders = Self.steps(page).dropLast()
        let shared = zip(target.dropLast(), folders).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: folders.count - shared)
        text = (up + target[shared...]).joined(separator: "/")
    }

    /// A link to a place on the same page.
    init(anchor: String) { text = "#" + PageName.file(anchor) }

    /// A link to a place on another page.
    init(to path: String, anchor: String, from page: String) {
        text = PageLink(to: path, from: page).text + "#" + PageName.file(anchor)
    }

    private static func steps(_ path: String) -> [String] {
        path.unicodeScalars.split(separator: "/").map(String.init)
    }
}

/// Names of files made from names of data.
enum PageName {
    /// The text with only letters, digits, `-` and `_`; every other byte as `.` and two
    /// hexadecimal digits, so that two texts never share a name.
    static func file(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let bytes = text.utf8.flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                [byte]
            default: [UInt8(ascii: "."), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return bytes.isEmpty ? "." : String(decoding: bytes, as: UTF8.self)
    }
}
