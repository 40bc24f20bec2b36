public import InputFiles

/// Why an image cannot be used; the text names the image.
public struct ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Equatable, Sendable {
        /// The file cannot be read at all.
        case unreadable(InputFileError)
        /// There are no bytes.
        case empty
        /// The bytes are something known that is not decoded here.
        case otherFormat(name: String, remedy: String)
        /// The bytes are nothing known; the first of them in hexadecimal.
        case unknownFormat(start: String)
        /// A side or the number of pixels is over the limit; nothing was allocated.
        case tooLarge(width: Int, height: Int)
        /// The data end before the last pixel.
        case truncated(ImageFormat, detail: String)
        /// The data contradict the format.
        case corrupt(ImageFormat, detail: String)
        /// The data are a variant that the decoder does not have.
        case unsupported(ImageFormat, detail: String)
        /// The decoder got no memory.
        case outOfMemory(ImageFormat)
    }

    /// The image: a path, or what the caller named it.
    public let source: String
    /// What is wrong.
    public let reason: Reason

    /// Creates an error.
    /// - Parameters:
    ///   - source: the image, as a path or by another name.
    ///   - reason: what is wrong.
    public init(source: String, reason: Reason) {
        self.source = source
        self.reason = reason
    }

    /// One line with what, where and what to do.
    public var description: String {
        switch reason {
        case .unreadable(let error): error.description
        case .empty: "\(source): the image holds 0 bytes; fetch the file again"
        case .otherFormat(let name, let remedy):
            "\(source): expected a JPEG or PNG image, got \(name); \(remedy)"
        case .unknownFormat(let start):
            "\(source): expected a JPEG or PNG image, got unknown data starting with \(start)"
        case .tooLarge(let width, let height):
            "\(source): the image has \(width) x \(height) pixels, expected at most "
                + "\(ImageDecoder.maximumPixelCount) and no side over "
                + "\(ImageDecoder.maximumSide); scale it down"
        case .truncated(let format, let detail):
            "\(source): the \(format.rawValue) data are truncated (\(detail)); fetch the file "
                + "again, or accept such images with --truncated-images load"
        case .corrupt(let format, let detail):
            "\(source): the \(format.rawValue) data are corrupt (\(detail)); fetch the file again"
        case .unsupported(let format, let detail):
            "\(source): this kind of \(format.rawValue) is not supported (\(detail)); "
                + "convert the file to PNG"
        case .outOfMemory(let format):
            "\(source): no memory left to decode the \(format.rawValue) data"
        }
    }
}
