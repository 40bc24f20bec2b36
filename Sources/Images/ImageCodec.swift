import CImageCodecs

/// The C codecs behind one Swift face; the only place of this room that handles addresses.
enum ImageCodec {
    /// A codec's refusal.
    struct Refusal: Error {
        let status: ic_status
        let message: String

        func reason(_ format: ImageFormat) -> ImageError.Reason {
            switch status {
            case IC_TRUNCATED: .truncated(format, detail: message)
            case IC_UNSUPPORTED: .unsupported(format, detail: message)
            case IC_OUT_OF_MEMORY: .outOfMemory(format)
            default: .corrupt(format, detail: message)
            }
        }
    }

    /// Width and height, read without decoding a pixel.
    static func header(
        _ format: ImageFormat,
        _ bytes: [UInt8]
    ) throws -> (width: Int, height: Int) {
        let read =
            switch format {
            case .jpeg: unsafe ic_jpeg_header
            case .png: unsafe ic_png_header
            }
        var header = ic_header()
        try unsafe call { unsafe read(&header, bytes, bytes.count, $0) }
        return (Int(header.width), Int(header.height))
    }

    /// Decodes to `[height, width, 3]` samples; the sides are the header's.
    static func decode(
        _ format: ImageFormat,
        _ bytes: [UInt8],
        width: Int,
        height: Int,
        tolerant: Bool
    ) throws -> (samples: [UInt8], report: ic_report) {
        let decode =
            switch format {
            case .jpeg: unsafe ic_jpeg_decode
            case .png: unsafe ic_png_decode
            }
        let count = width * height * 3
        var report = ic_report()
        let samples = try unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            let target = output.baseAddress
            try unsafe call {
                unsafe decode(target, count, &report, bytes, bytes.count, tolerant, $0)
            }
            filled = count
        }
        return (samples, report)
    }

    /// Pillow's bicubic resize to `width` x `height`, of which `window` is computed.
    static func resizeBicubic(
        _ image: RGBImage,
        width: Int,
        height: Int,
        window: ic_window
    ) -> [UInt8] {
        let count = window.width * window.height * 3
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            let status = unsafe ic_resize_bicubic(
                output.baseAddress,
                width,
                height,
                window,
                image.bytes,
                image.width,
                image.height
            )
            // A few megabytes of scratch: without them Swift's own arrays stop the program too.
            precondition(status == IC_OK, "no memory to resize to \(width) x \(height) pixels")
            filled = count
        }
    }

    /// A baseline JPEG of the image.
    static func jpeg(of image: RGBImage, quality: Int) throws -> [UInt8] {
        let capacity = ic_jpeg_bound(image.width, image.height)
        return try unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, filled in
            let target = output.baseAddress
            var written = 0
            try unsafe call {
                unsafe ic_jpeg_encode(
                    target,
                    capacity,
                    &written,
                    image.bytes,
                    image.width,
                    image.height,
                    Int32(quality),
                    $0
                )
            }
            filled = written
        }
    }

    /// Runs a codec function with a message buffer and throws its ``Refusal``.
    private static func call(_ function: (UnsafeMutablePointer<CChar>) -> ic_status) throws {
        var status = IC_OK
        var message = [CChar](repeating: 0, count: Int(IC_MESSAGE_BYTES))
        unsafe message.withUnsafeMutableBufferPointer { buffer in
            guard let address = buffer.baseAddress else { return }
            status = unsafe function(address)
        }
        guard status == IC_OK else {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw Refusal(status: status, message: String(decoding: text, as: UTF8.self))
        }
    }
}
