import Foundation
import Images
import InputFiles

/// From a picture file to the model's pixel values, on one core.
struct ImageBenchmarks {
    let inputs: Inputs
    let effort: Effort
    let printer: ResultPrinter

    /// Prints the times of each step.
    func run() throws {
        printer.section("Pictures, 1 thread")
        let path = inputs.picture.path
        let bytes = try InputFile(path).bytes()
        let decoder = ImageDecoder()
        let transform = ImageTransform(side: 224)
        let image = try decoder.decode(bytes, named: path).image
        let size = "\(image.width) × \(image.height)"
        let pixels = Double(image.width * image.height)
        let decoding = try Measurement(effort) { _ = try decoder.decode(bytes, named: path) }
        let transforming = Measurement(effort) { _ = transform.pixelValues(of: image) }
        let whole = try Measurement(effort) {
            _ = transform.pixelValues(of: try decoder.decode(bytes, named: path).image)
        }
        printer.row(step("JPEG of \(size) decoded", decoding, pixels: pixels))
        printer.row(step("resized to 224 × 224, normalised", transforming, pixels: pixels))
        printer.row(
            Row(
                name: "JPEG of \(size) to pixel values",
                value: "\(fixed(whole.median * 1_000, 2)) ms/picture, "
                    + "\(fixed(1 / whole.median, 0)) pictures/s",
                against: Aim.under(3).verdict(on: whole.median * 1_000, "ms/picture")
            )
        )
    }

    private func step(_ name: String, _ time: Measurement, pixels: Double) -> Row {
        Row(
            name: name,
            value: "\(fixed(time.median * 1_000, 2)) ms/picture",
            against: "\(fixed(pixels / time.median / 1e6)) million pixels of the file/s"
        )
    }
}
