package import EvalCore

/// Embeddings that were made before, in a folder of files that only ever appear whole.
///
/// A vector is found by the pixels that it was made of; a file that did not change is found by its
/// identity without decoding it. Vectors stay in mapped files; the tables take about 200 bytes of
/// memory per picture. Several processes may use one folder: each sees what was there when it
/// opened it.
package final class EmbeddingCache {
    /// How the files of a cache are cut.
    package struct Limits: Sendable {
        /// New rows that are written together, and the longest time that they wait.
        package var newRows = 256
        /// See `newRows`.
        package var interval = Duration.seconds(2)
        /// Files of fewer rows are merged once there are more of them than `smallFiles`.
        package var smallRows = 4096
        /// See `smallRows`.
        package var smallFiles = 64
        /// Rows that are merged at once, about: they are in memory meanwhile.
        package var mergedRows = 16_384

        /// The limits of real work; tests lower them.
        package init() {}
    }

    private struct Place {
        let shard: Int32
        let row: Int32
    }

    private let folder: EmbeddingFolder
    private let limits: Limits
    /// Files of vectors; nil where one was merged into another or thrown out.
    private var shards: [EmbeddingShard?] = []
    private var places: [PixelDigest: Place] = [:]
    private var pixelsOfFiles: [PictureFileKey: PixelDigest] = [:]
    /// Files that may be merged.
    private var smallShards: [EmbeddingShard.Kind: [EmbeddingShard]] = [:]
    private var newVectors: [(pixels: PixelDigest, vector: [Float])] = []
    /// Where the vector of some pixels stands in `newVectors`.
    private var newPlaces: [PixelDigest: Int] = [:]
    private var newFiles: [(file: PixelDigest, pixels: PixelDigest)] = []
    private var lastCommit = ContinuousClock.now

    /// Opens the folder of an encoder.
    /// - Parameters:
    ///   - root: the folder of all encoders; made if it is not there.
    ///   - encoder: whose vectors are wanted.
    ///   - limits: how files are cut.
    ///   - onDamage: told about files that are not whole; they are removed and made again.
    /// - Throws: `LocalEngineError` if the folder cannot be used, or holds another encoder's files.
    package init(
        _ root: String,
        of encoder: EmbedderProvenance,
        limits: Limits = Limits(),
        onDamage: @escaping (String) -> Void
    ) throws {
        folder = try EmbeddingFolder(root, of: encoder, onDamage: onDamage)
        self.limits = limits
        // A table is read as a whole, so it is checked at once; vectors when one is needed.
        for shard in try folder.open() where shard.kind == .vectors || folder.isWhole(shard) {
            add(shard)
        }
        for kind in EmbeddingShard.Kind.allCases { try compact(kind) }
    }

    /// The pixels that a version of a file is known to show.
    package func pixels(of file: PictureFileKey) -> PixelDigest? { pixelsOfFiles[file] }

    /// The vector made of some pixels, nil if it has to be made.
    package func vector(of pixels: PixelDigest) -> [Float]? {
        if let index = newPlaces[pixels] { return newVectors[index].vector }
        guard let place = places[pixels], let shard = shards[Int(place.shard)] else { return nil }
        guard folder.isWhole(shard) else {
            drop(shard)
            return nil
        }
        return shard.vector(Int(place.row))
    }

    /// Keeps a vector; `commitIfDue` and `commit` write it.
    package func add(_ vector: [Float], of pixels: PixelDigest) {
        newPlaces[pixels] = newVectors.count
        newVectors.append((pixels, vector))
    }

    /// Keeps what a version of a file shows.
    package func add(_ file: PictureFileKey, shows pixels: PixelDigest) {
        guard pixelsOfFiles.updateValue(pixels, forKey: file) != pixels else { return }
        newFiles.append((file.digest, pixels))
    }

    /// Writes what is new if there is enough of it, or for long enough.
    /// - Throws: `LocalEngineError` if the disk refuses.
    package func commitIfDue() throws {
        let count = max(newVectors.count, newFiles.count)
        guard count >= limits.newRows || lastCommit.duration(to: .now) > limits.interval else {
            return
        }
        try commit()
    }

    /// Writes what is new.
    /// - Throws: `LocalEngineError` if the disk refuses.
    package func commit() throws {
        lastCommit = .now
        if !newVectors.isEmpty {
            add(try folder.write(vectors: newVectors))
            (newVectors, newPlaces) = ([], [:])
            try compact(.vectors)
        }
        if !newFiles.isEmpty {
            add(try folder.write(files: newFiles))
            newFiles = []
            try compact(.files)
        }
    }
}

// MARK: Files

extension EmbeddingCache {
    /// Enters the rows of a file into the tables.
    private func add(_ shard: EmbeddingShard) {
        if shard.count < limits.smallRows { smallShards[shard.kind, default: []].append(shard) }
        switch shard.kind {
        case .files:
            pixelsOfFiles.reserveCapacity(pixelsOfFiles.count + shard.count)
            for (file, pixels) in zip(shard.keyDigests, shard.pixelDigests) {
                pixelsOfFiles[PictureFileKey(digest: file)] = pixels
            }
        case .vectors:
            let number = Int32(shards.count)
            shards.append(shard)
            places.reserveCapacity(places.count + shard.count)
            for (row, pixels) in shard.keyDigests.enumerated() {
                places[pixels] = Place(shard: number, row: Int32(row))
            }
        }
    }

    /// Forgets a damaged file and the vectors that were to be found there.
    private func drop(_ shard: EmbeddingShard) {
        guard let number = release(shard) else { return }
        places = places.filter { $0.value.shard != number }
    }

    /// Lets go of a file whose rows are found elsewhere by now.
    /// - Returns: its number, nil if it holds no vectors.
    @discardableResult
    private func release(_ shard: EmbeddingShard) -> Int32? {
        smallShards[shard.kind]?.removeAll { $0 === shard }
        guard let number = shards.firstIndex(where: { $0 === shard }) else { return nil }
        shards[number] = nil
        return Int32(number)
    }

    /// Brings small files into large ones once there are many.
    private func compact(_ kind: EmbeddingShard.Kind) throws {
        while let group = mergeGroup(kind) {
            // What is merged gets a new name, so its old one must be right.
            let damaged = group.filter { !folder.isWhole($0) }
            for shard in damaged { drop(shard) }
            let whole = group.filter { shard in !damaged.contains { $0 === shard } }
            guard whole.count > 1 else { continue }
            add(try folder.merge(whole, kind))
            for shard in whole { release(shard) }
        }
    }

    /// The files to merge next; nil if there are few.
    private func mergeGroup(_ kind: EmbeddingShard.Kind) -> [EmbeddingShard]? {
        guard let small = smallShards[kind], small.count > limits.smallFiles else { return nil }
        let present = small.filter(folder.holds)
        smallShards[kind] = present
        guard present.count > limits.smallFiles else { return nil }
        var group: [EmbeddingShard] = []
        var rows = 0
        for shard in present.sorted(by: { $0.count < $1.count }) where rows < limits.mergedRows {
            group.append(shard)
            rows += shard.count
        }
        return group
    }
}
