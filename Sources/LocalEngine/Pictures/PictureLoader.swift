import EvalCore
import Images
import InputFiles

/// Brings pictures from files into the latent cache, as pixels unless they are there already.
struct PictureLoader: Sendable {
    let decoder: ImageDecoder
    let transform: ImageTransform
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
        let file = try InputFile(path, limit: ImageDecoder.maximumByteCount)
        if let digest = cache.pin(file.identity) { return digest }
        let image = try decoder.decode(try file.bytes(), named: path).image
        let pixels = transform.pixelValues(of: image)
        let digest = pixels.digest.hex
        cache.pin(digest, pixels: pixels.values, of: file.identity)
        return digest
    }
}

extension SampleFailure {
    /// Why a picture cannot be used, under one of the codes `image_…`.
    fileprivate static func picture(_ error: any Error) -> SampleFailure {
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
