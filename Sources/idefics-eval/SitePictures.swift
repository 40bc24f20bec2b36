import EvalCore
import Foundation
import Images
import InputFiles
import Reporting

/// Makes the thumbnails of a site, each picture once, up to a number of bytes.
final class SitePictures {
    private let folder: ReportFolder
    private let limit: Int
    private let maker = ThumbnailMaker(decoder: ImageDecoder(truncatedImages: .load))
    private var known: [String: PictureView.State] = [:]
    private var stored: Set<String> = []
    /// Bytes of all thumbnails.
    private(set) var byteCount = 0
    /// Pictures left out because of the limit.
    private(set) var omittedCount = 0

    /// - Parameters:
    ///   - folder: where thumbnails are written.
    ///   - limit: bytes of all thumbnails together at most.
    init(_ folder: ReportFolder, limit: Int) {
        self.folder = folder
        self.limit = limit
    }

    /// Number of thumbnails; equal ones count once.
    var count: Int { stored.count }

    /// A picture as pages show it.
    /// - Throws: `CommandError` if its thumbnail cannot be written.
    func view(_ image: ImageReference) throws -> PictureView {
        let name = URL(fileURLWithPath: image.path).lastPathComponent
        if let state = known[image.path] { return PictureView(name: name, state: state) }
        let state = try state(image.path)
        known[image.path] = state
        return PictureView(name: name, state: state)
    }

    private func state(_ path: String) throws -> PictureView.State {
        let thumbnail: Thumbnail
        do {
            thumbnail = try maker.thumbnail(ofFileAt: path)
        } catch let error as ImageError {
            return .missing(Self.reason(error))
        }
        let reference = ThumbnailReference(
            digest: SHA256Digest(of: thumbnail.bytes).hex,
            width: thumbnail.width,
            height: thumbnail.height
        )
        if stored.contains(reference.digest) { return .shown(reference) }
        guard byteCount + thumbnail.bytes.count <= limit else {
            omittedCount += 1
            return .missing("left out: the site's pictures reached --picture-limit")
        }
        byteCount += thumbnail.bytes.count
        stored.insert(reference.digest)
        try folder.write(ReportFile(path: reference.path, bytes: thumbnail.bytes))
        return .shown(reference)
    }

    /// Without the path, which is this machine's.
    private static func reason(_ error: ImageError) -> String {
        switch error.reason {
        case .unreadable(.missing): "the picture's file is gone"
        case .unreadable: "the picture's file cannot be read"
        default: "the picture does not decode"
        }
    }
}
