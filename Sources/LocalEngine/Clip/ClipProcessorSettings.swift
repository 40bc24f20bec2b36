import Checkpoints
import Images
import InputFiles
import Models

/// How a CLIP checkpoint wants pictures: `preprocessor_config.json`, checked against the tower.
///
/// `size` and `crop_size` are numbers in old files and objects in new ones. What would make other
/// pixels than resizing the shorter edge by bicubic interpolation and cutting out the middle square
/// is an error, not an approximation.
struct ClipProcessorSettings {
    let transform: ImageTransform
    /// SHA-256 (hex) of the settings, whatever else the file says.
    let digest: String

    /// - Throws: `CheckpointError` for settings that are not done, or do not fit the model.
    init(_ folder: CheckpointFolder, _ configuration: ClipConfiguration) throws {
        let settings = folder.preprocessorConfiguration
        try Self.requireSteps(settings)
        let edge = try Self.shorterEdge(settings)
        let side = try Self.cropSide(settings)
        let expected = configuration.vision.imageSize
        guard side == expected else {
            throw settings.failure(
                "crop_size",
                "expected \(expected), the vision_config.image_size of config.json, got \(side)"
            )
        }
        guard side <= edge else {
            throw settings.failure(
                "size",
                "expected at least the crop_size \(side), got \(edge): the border would be filled"
                    + " with black"
            )
        }
        let (normalization, description) = try settings.pixelNormalization()
        transform = ImageTransform(
            side: side,
            framing: .centreSquare(shorterEdge: edge),
            normalization: normalization
        )
        digest = SHA256Digest(of: "\(side) of \(edge) \(description)".utf8).hex
    }

    private static func requireSteps(_ settings: ConfigurationObject) throws {
        for step in ["do_resize", "do_center_crop", "do_normalize"]
        where try !settings.flag(step, default: true) {
            throw settings.failure(step, "expected true: pictures are resized, cropped, normalised")
        }
        let resample = try settings.integer("resample", in: 0...5, default: 3)
        guard resample == 3 else {
            throw settings.failure("resample", "expected 3 (bicubic), got \(resample)")
        }
    }

    private static func shorterEdge(_ settings: ConfigurationObject) throws -> Int {
        guard settings.isObject("size") else {
            return try settings.integer("size", in: 1...4096, default: 224)
        }
        let size = try settings.object("size")
        guard let edge = try size.optionalInteger("shortest_edge", in: 1...4096) else {
            throw settings.failure("size", "expected a number or {\"shortest_edge\": number}")
        }
        return edge
    }

    private static func cropSide(_ settings: ConfigurationObject) throws -> Int {
        guard settings.isObject("crop_size") else {
            return try settings.integer("crop_size", in: 1...4096, default: 224)
        }
        let size = try settings.object("crop_size")
        let height = try size.optionalInteger("height", in: 1...4096)
        let width = try size.optionalInteger("width", in: 1...4096)
        guard let height, height == width else {
            throw settings.failure("crop_size", "expected a number, or an equal height and width")
        }
        return height
    }
}
