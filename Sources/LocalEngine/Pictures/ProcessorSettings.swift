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
        guard try settings.flag("do_rescale", default: true) else {
            throw settings.failure("do_rescale", "expected true: pixel values are scaled to 0…1")
        }
        let mean = try settings.numbers("image_mean") ?? [0.48145466, 0.4578275, 0.40821073]
        let deviation = try settings.numbers("image_std") ?? [0.26862954, 0.26130258, 0.27577711]
        let factor = try settings.number("rescale_factor") ?? 1.0 / 255
        guard
            let normalization = PixelNormalization(
                mean: mean,
                standardDeviation: deviation,
                rescaleFactor: factor
            )
        else {
            throw settings.failure(
                "image_std",
                "expected three means and three deviations that are not 0, got"
                    + " \(mean) and \(deviation)"
            )
        }
        transform = ImageTransform(side: side, framing: .stretch, normalization: normalization)
        digest = SHA256Digest(of: "\(side) stretch \(factor) \(mean) \(deviation)".utf8).hex
    }
}
