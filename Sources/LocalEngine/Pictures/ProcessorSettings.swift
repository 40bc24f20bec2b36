import Checkpoints
import Images
import InputFiles
import Models

/// How a checkpoint wants pictures: `preprocessor_config.json`, checked against the vision tower.
struct ProcessorSettings {
    let transform: ImageTransform
    /// SHA-256 (hex) of the settings, whatever else the file says.
    let digest: String

    /// - Throws: `CheckpointError` for values that the model cannot have.
    init(_ folder: CheckpointFolder, _ configuration: IdeficsConfiguration) throws {
        let settings = folder.preprocessorConfiguration
        let side = configuration.vision.imageSize
        // The tower's positions are for one size; another one would fail at the first picture.
        let stated = try settings.integer("image_size", in: 1...4096, default: side)
        guard stated == side else {
            throw settings.failure(
                "image_size",
                "expected \(side), the vision_config.image_size of config.json, got \(stated)"
            )
        }
        let (normalization, description) = try settings.pixelNormalization()
        transform = ImageTransform(side: side, framing: .stretch, normalization: normalization)
        digest = SHA256Digest(of: "\(side) stretch \(description)".utf8).hex
    }
}
