import Models

extension CheckpointOutline {
    /// Bytes that every process takes for code and libraries, without annotations.
    static let programByteCount = 64 << 20

    /// Sizes an engine's caches so that it stays within a limit.
    ///
    /// Weights, activations and waiting pictures are what they are; what is left is shared by the
    /// caches of text positions and of pictures, which make requests wait when they are full.
    /// - Parameters:
    ///   - options: what the engine may use besides memory.
    ///   - limit: bytes for the whole process.
    ///   - harness: bytes that the process takes without an engine.
    /// - Returns: options with the sizes of the caches.
    /// - Throws: `LocalEngineError` if not even the longest prompt fits beside the weights.
    public func options(
        _ options: LocalEngineOptions,
        within limit: Int,
        harness: Int
    ) throws(LocalEngineError) -> LocalEngineOptions {
        let pixels =
            (Scheduler.picturesAhead + Self.leastPictures) * configuration.vision.pixelCount * 4
        let activations = WorkingMemory(
            configuration,
            options,
            logitRows: DecoderPass.projectedRows
        ).byteCount
        let fixed = harness + weights.residentByteCount + activations + pixels
        let leastPositions = encoder.promptLimit * bytesPerPosition(options.precision)
        let leastStates = Self.leastPictures * bytesPerPicture(options.precision)
        let room = limit - fixed
        guard room >= leastPositions + leastStates else {
            throw .memory(
                path,
                needed: fixed + leastPositions + leastStates,
                weights: weights.residentByteCount,
                limit: limit
            )
        }
        var fitted = options
        // Text positions need no more than what keeps the passes full; pictures come again.
        fitted.keyValueCacheBytes = max(
            leastPositions,
            min(options.keyValueCacheBytes, (room - leastStates) / 2)
        )
        fitted.imageCacheBytes = room - fitted.keyValueCacheBytes
        return fitted
    }

    /// Pictures whose states must fit at the same time: those of a prompt with eight shots.
    private static let leastPictures = 9
}

extension LocalEngineError {
    static func memory(_ path: String, needed: Int, weights: Int, limit: Int) -> LocalEngineError {
        LocalEngineError(
            kind: .checkpoint,
            description: "\(path): needs at least \(gibibytes(needed)) GiB of memory"
                + " (\(gibibytes(weights)) GiB of weights), and may take \(gibibytes(limit)) GiB;"
                + " raise --max-memory, free memory, or choose another --precision"
        )
    }

    /// Bytes in GiB with two digits, rounded half up.
    private static func gibibytes(_ bytes: Int) -> String {
        let hundredths = (Double(bytes) / Double(1 << 30) * 100).rounded()
        let (whole, rest) = Int(hundredths).quotientAndRemainder(dividingBy: 100)
        return "\(whole).\(abs(rest) < 10 ? "0" : "")\(abs(rest))"
    }
}
