/// The image formats that are decoded.
public enum ImageFormat: String, Sendable, Hashable {
    /// JPEG: baseline, extended and progressive, 8 bits per sample.
    case jpeg = "JPEG"
    /// PNG: every colour type and depth.
    case png = "PNG"
}

/// What the first bytes of a file say that it is; names and extensions play no part.
enum FileKind: Equatable {
    case image(ImageFormat)
    /// Something known that is not decoded here.
    case other(name: String, remedy: String)
    case unknown

    init(_ bytes: [UInt8]) {
        let start = bytes.prefix(Self.inspectedByteCount)
        if let kind = Self.signatures.first(where: { $0.matches(start) })?.kind {
            self = kind
        } else {
            self = Self.isMarkup(start) ? .markup : .unknown
        }
    }

    private static let inspectedByteCount = 256
    private static let markup = FileKind.other(
        name: "an HTML or XML page",
        remedy: "the download probably failed; fetch the file again"
    )

    private static let signatures: [Signature] = [
        Signature([0xFF, 0xD8, 0xFF], .image(.jpeg)),
        Signature([0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A], .image(.png)),
        Signature("GIF8", "GIF"),
        Signature("WEBP", "WebP", at: 8),
        Signature("II*\0", "TIFF"),
        Signature("MM\0*", "TIFF"),
        Signature("BM", "BMP"),
        Signature("ftypavif", "AVIF", at: 4),
        Signature("ftyphei", "HEIC", at: 4),
        Signature("ftyphev", "HEIC", at: 4),
        Signature("ftypmif1", "HEIC", at: 4),
        Signature("ftypmsf1", "HEIC", at: 4),
        Signature("jP  ", "JPEG 2000", at: 4),
        Signature("8BPS", "Photoshop"),
        Signature("%PDF", "PDF"),
    ]

    /// True for text that opens with a tag, as error pages and SVG drawings do.
    private static func isMarkup(_ start: ArraySlice<UInt8>) -> Bool {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = start.dropFirst(start.starts(with: byteOrderMark) ? 3 : 0)
            .drop { [0x09, 0x0A, 0x0D, 0x20].contains($0) }
        guard text.first == UInt8(ascii: "<"), let next = text.dropFirst().first else {
            return false
        }
        let letter = next | 0x20
        return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter)
            || next == UInt8(ascii: "!") || next == UInt8(ascii: "?")
    }

    /// Bytes at a fixed place that tell a format.
    private struct Signature {
        let bytes: [UInt8]
        let offset: Int
        let kind: FileKind

        init(_ bytes: [UInt8], _ kind: FileKind) {
            self.bytes = bytes
            offset = 0
            self.kind = kind
        }

        init(_ text: String, _ name: String, at offset: Int = 0) {
            bytes = Array(text.utf8)
            self.offset = offset
            kind = .other(name: "\(name) data", remedy: "convert the file to PNG or JPEG")
        }

        func matches(_ start: ArraySlice<UInt8>) -> Bool {
            start.dropFirst(offset).starts(with: bytes)
        }
    }
}
