package import EvalCore
import Images
import InputFiles

/// What finds a picture file again that did not change: the SHA-256 of its identity and of how
/// damaged files are read, since that decides what one shows.
package struct PictureFileKey: Hashable {
    /// The 32 bytes.
    package let digest: PixelDigest

    /// Takes the 32 bytes.
    package init(digest: PixelDigest) { self.digest = digest }

    init(_ file: FileIdentity, _ decoder: ImageDecoder) {
        let numbers = [
            file.device, file.inode, UInt64(truncatingIfNeeded: file.byteCount),
            UInt64(truncatingIfNeeded: file.modificationNanoseconds),
        ]
        var hasher = SHA256Hasher()
        for number in numbers {
            hasher.update((0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) })
        }
        hasher.update(decoder.truncatedImages.rawValue)
        digest = PixelDigest(hasher.finalize().bytes)
    }
}
