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
        _ format: ImageFormat, _ bytes: [UInt8]
    ) throws(Refusal) -> (width: Int, height: Int) {
        var header = ic_header()
        try call { message in
            unsafe bytes.withUnsafeBufferPointer { input in
                return switch format {
                case .jpeg: unsafe ic_jpeg_header(&header, input.baseAddress, input.count, message)
                case .png: unsafe ic_png_header(&header, input.baseAddress, input.count, message)
                }
            }
        }
        return (Int(header.width), Int(header.height))
    }

    /// Decodes to `[height, width, 3]` samples; the sides are the header's.
    static func decode(
        _ format: ImageFormat, _ bytes: [UInt8], width: Int, height: Int, tolerant: Bool
    ) throws(Refusal) -> (samples: [UInt8], report: ic_report) {
        var report = ic_report()
        var refusal: Refusal?
        let count = width * height * 3
        let samples = unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            let target = unsafe output.baseAddress
            do throws(Refusal) {
                try call { message in
                    unsafe bytes.withUnsafeBufferPointer { input in
                                return switch format {
                        case .jpeg:
                            unsafe ic_jpeg_decode(
                                target, count, &report, input.baseAddress, input.count, tolerant,
                                message)
                        case .png:
                            unsafe ic_png_decode(
                                target, count, &report, input.baseAddress, input.count, tolerant,
                                message)
                        }
                    }
                }
                filled = count
            } catch { refusal = error }
        }
        if let refusal { throw refusal }
        return (samples, report)
    }

    /// Pillow's bicubic resize to `width` x `height`, of which `window` is computed.
    static func resizeBicubic(
        _ image: RGBImage, width: Int, height: Int, window: ic_window
    ) -> [UInt8] {
        let count = window.width * window.height * 3
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            let target = unsafe output.baseAddress
            let status = unsafe image.bytes.withUnsafeBufferPointer { input in
                unsafe ic_resize_bicubic(
                    target, width, height, window, input.baseAddress, image.width, image.height)
            }
            // A few megabytes of scratch: without them Swift's own arrays stop the program too.
            precondition(status == IC_OK, "no memory to resize to \(width) x \(height) pixels")
            filled = count
        }
    }

    /// Runs a codec function with a message buffer and throws what it refuses.
    private static func call(
        _ function: (UnsafeMutablePointer<CChar>) -> ic_status
    ) throws(Refusal) {
        var status = IC_OK
        let message = unsafe withUnsafeTemporaryAllocation(
            of: CChar.self, capacity: Int(IC_MESSAGE_BYTES)
        ) { buffer in
            unsafe buffer.initialize(repeating: 0)
            guard let address = unsafe buffer.baseAddress else { return "" }
            status = unsafe function(address)
            return unsafe String(cString: address)
        }
        guard status == IC_OK else { throw Refusal(status: status, message: message) }
    }
}
