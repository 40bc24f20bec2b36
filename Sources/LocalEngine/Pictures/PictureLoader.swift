import EvalCore
import Images
import InputFiles

/// Brings pictures from files into the latent cache, as pixels unless they are there already.
struct PictureLoader: Sendable {
    let processor: ImageProcessor
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
            throw error
        }
        return digests
    }
}
