package import EvalCore
package import Images

/// Turns the pixel values of pictures into unit vectors.
///
/// Implementations: CLIP, a function of a few pixels in tests.
package protocol PictureEncoding: AnyObject {
    /// What identifies the vectors.
    var provenance: EmbedderProvenance { get }
    /// What a picture becomes before it is encoded.
    var transform: ImageTransform { get }

    /// Encodes pictures together; each vector depends on its own picture only.
    /// - Parameter pixels: pixel values `[3, S, S]` made by the transform.
    /// - Returns: `[P]` of length 1 per picture; nil where the model's output has no direction.
    /// - Throws: `LocalEngineError` if the weights cannot be loaded.
    func encode(_ pixels: [[Float]]) throws -> [[Float]?]
}

extension ClipEncoder: PictureEncoding {}
