import EvalCore
import Images
import InputFiles

/// Reads picture files as a checkpoint's pixel values.
struct PictureReader: Sendable {
    let decoder: ImageDecoder
    let transform: ImageTransform

    /// Opens a file without reading it.
    /// - Throws: `InputFileError`.
    func open(_ path: String) throws -> InputFile {
        try InputFile(path, limit: ImageDecoder.maximumByteCount)
    }

    /// The pixel values of an opened file.
    /// - Throws: `InputFileError`, `ImageError`.
    func pixelValues(of file: InputFile) throws -> PixelValues {
        transform.pixelValues(of: try decoder.decode(try file.bytes(), named: file.path).image)
    }
}

/// Brings pictures from files into the latent cache, as pixels unless they are there already.
struct PictureLoader: Sendable {
    let reader: PictureReader
    let cache: ImageLatentCache

    /// Pins the pictures of a prompt.
    /// - Returns: the digest of each picture's pixel values, in order.
    /// - Throws: why a picture cannot be used; none is left pinned then.
    func pin(_ references: [ImageReference]) throws(SampleFailure) -> [String] {
        var digests: [String] = []
        do {
            for reference in references { digests.append(try pin(reference.path)) }
        } catch {
            cache.unpin(digests)
            throw SampleFailure.picture(error)
        }
        return digests
    }

    private func pin(_ path: String) throws -> String {
        let file = try reader.open(path)
        if let digest = cache.pin(file.identity) { return digest }
        let pixels = try reader.pixelValues(of: file)
        let digest = pixels.digest.hex
        cache.pin(digest, pixels: pixels.values, of: file.identity)
        return digest
    }
}

extension SampleFailure {
    /// Why a picture cannot be used, under one of the codes `image_…`.
    static func picture(_ error: any Error) -> SampleFailure {
        let code =
            switch error {
            case InputFileError.missing: "image_missing"
            case InputFileError.tooLarge: "image_too_large"
            case let error as ImageError:
                switch error.reason {
                case .tooLarge, .outOfMemory: "image_too_large"
                default: "image_unreadable"
                }
            default: "image_unreadable"
            }
        return SampleFailure(code: code, message: String(describing: error))
    }
}
