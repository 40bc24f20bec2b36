import Checkpoints
import Images

extension ConfigurationObject {
    /// The normalisation of a `preprocessor_config.json`; absent keys have CLIP's values.
    func pixelNormalization() throws -> (value: PixelNormalization, description: String) {
        guard try flag("do_rescale", default: true) else {
            throw failure("do_rescale", "expected true: pixel values are scaled to 0…1")
        }
        let mean = try numbers("image_mean") ?? [0.48145466, 0.4578275, 0.40821073]
        let deviation = try numbers("image_std") ?? [0.26862954, 0.26130258, 0.27577711]
        let factor = try number("rescale_factor") ?? 1.0 / 255
        guard
            let normalization = PixelNormalization(
                mean: mean,
                standardDeviation: deviation,
                rescaleFactor: factor
            )
        else {
            throw failure(
                "image_std",
                "expected three means and three deviations that are not 0, got"
                    + " \(mean) and \(deviation)"
            )
        }
        return (normalization, "\(factor) \(mean) \(deviation)")
    }
}
