/// Sample bytes → model values: `(f32(byte * rescaleFactor) - mean) / standardDeviation`.
///
/// The product is taken in double and rounded once; the rest is f32 arithmetic with mean and
/// deviation rounded to f32, and a division, as in the Hugging Face image processors.
public struct PixelNormalization: Sendable, Hashable {
    /// The value of every byte `[3, 256]`, by channel.
    let table: [Float]

    /// What `preprocessor_config.json` of every published IDEFICS and OpenAI CLIP checkpoint says.
    public static let clip = PixelNormalization(
        checkedMean: [0.48145466, 0.4578275, 0.40821073],
        standardDeviation: [0.26862954, 0.26130258, 0.27577711],
        rescaleFactor: 1.0 / 255
    )

    /// Creates the table; nil unless there are three means and three deviations and every value
    /// that the table would hold is finite.
    /// - Parameters:
    ///   - mean: `image_mean`, red first.
    ///   - standardDeviation: `image_std`, red first.
    ///   - rescaleFactor: `rescale_factor`.
    public init?(mean: [Double], standardDeviation: [Double], rescaleFactor: Double = 1.0 / 255) {
        guard mean.count == 3, standardDeviation.count == 3 else { return nil }
        self.init(
            checkedMean: mean,
            standardDeviation: standardDeviation,
            rescaleFactor: rescaleFactor
        )
        guard table.allSatisfy(\.isFinite) else { return nil }
    }

    private init(checkedMean: [Double], standardDeviation: [Double], rescaleFactor: Double) {
        table = zip(checkedMean, standardDeviation).flatMap { mean, deviation in
            (0..<256).map { byte in
                (Float(Double(byte) * rescaleFactor) - Float(mean)) / Float(deviation)
            }
        }
    }
}
