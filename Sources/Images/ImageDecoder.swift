import CImageCodecs
import InputFiles

/// What to do with an image whose data end early or are damaged behind the header.
public enum TruncatedImages: String, Sendable, Hashable {
    /// Refuse the image.
    case error
    /// Take what is there and fill the rest, as the released IDEFICS evaluation does (Pillow with
    /// `LOAD_TRUNCATED_IMAGES`): gray in a JPEG, zero samples in a PNG.
    case load
}

/// An image and how its decoding went.
public struct DecodedImage: Sendable, Hashable {
    /// The pixels.
    public let image: RGBImage
    /// The format, told by content.
    public let format: ImageFormat
    /// Complaints of the codec about data that it decoded all the same, as Pillow does.
    public let warningCount: Int
    /// False only under ``TruncatedImages/load``: some pixels are filler.
    public let isComplete: Bool
}

/// JPEG and PNG bytes → RGB, as Pillow 12.2 and the Hugging Face IDEFICS processor read them.
///
/// Equal byte for byte: transparency goes over white; EXIF orientation, colour profiles and gamma
/// are ignored; CMYK is taken as inverted; 16-bit gray is clipped, other 16-bit samples keep their
/// high byte. Damaged files are judged as there, but for PNG data whose own checksum fails or that
/// end inside the last chunk of pixels: they are always refused under ``TruncatedImages/error``.
public struct ImageDecoder: Sendable, Hashable {
    /// The most pixels that are accepted; Pillow's bound against decompression bombs.
    public static let maximumPixelCount = 89_478_485
    /// The longest side that is accepted.
    public static let maximumSide = 1_000_000
    /// The largest file that is opened.
    public static let maximumByteCount = 100 << 20

    /// What to do with truncated images.
    public var truncatedImages: TruncatedImages

    /// Creates a decoder.
    /// - Parameter truncatedImages: what to do with truncated images.
    public init(truncatedImages: TruncatedImages = .error) {
        self.truncatedImages = truncatedImages
    }

    /// Decodes a file; only regular files of up to ``maximumByteCount`` bytes are opened.
    /// - Parameter path: absolute or relative to the working directory.
    /// - Returns: the image.
    /// - Throws: ``ImageError``.
    public func decode(fileAt path: String) throws -> DecodedImage {
        let bytes: [UInt8]
        do {
            bytes = try InputFile(path, limit: Self.maximumByteCount).bytes()
        } catch let error as InputFileError {
            throw ImageError(source: path, reason: .unreadable(error))
        }
        return try decode(bytes, named: path)
    }

    /// Decodes bytes.
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - source: what errors call the image, usually its path.
    /// - Returns: the image.
    /// - Throws: ``ImageError``.
    public func decode(_ bytes: [UInt8], named source: String) throws -> DecodedImage {
        let format = try Self.format(of: bytes, source)
        do {
            let (width, height) = try ImageCodec.header(format, bytes)
            guard Self.accepts(width, height) else {
                throw ImageError(source: source, reason: .tooLarge(width: width, height: height))
            }
            let (samples, report) = try ImageCodec.decode(
                format,
                bytes,
                width: width,
                height: height,
                tolerant: truncatedImages == .load
            )
            return DecodedImage(
                image: RGBImage(width: width, height: height, bytes: samples),
                format: format,
                warningCount: Int(report.warnings),
                isComplete: report.complete
            )
        } catch let refusal as ImageCodec.Refusal {
            throw ImageError(source: source, reason: refusal.reason(format))
        }
    }

    private static func accepts(_ width: Int, _ height: Int) -> Bool {
        max(width, height) <= maximumSide && width * height <= maximumPixelCount
    }

    private static func format(of bytes: [UInt8], _ source: String) throws -> ImageFormat {
        switch FileKind(bytes) {
        case .image(let format): return format
        case .other(let name, let remedy):
            throw ImageError(source: source, reason: .otherFormat(name: name, remedy: remedy))
        case .unknown where bytes.isEmpty:
            throw ImageError(source: source, reason: .empty)
        case .unknown:
            let start = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            throw ImageError(
                source: source,
                reason: .unknownFormat(start: start.joined(separator: " "))
            )
        }
    }
}
