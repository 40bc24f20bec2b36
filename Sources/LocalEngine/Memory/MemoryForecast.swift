import Models

/// What a run will take of memory, by part, in bytes.
public struct MemoryForecast: Sendable, Hashable {
    /// The process without an engine: program, annotations, harness.
    public var harness: Int
    /// Weights that stay.
    public var weights: Int
    /// Mapped pages of weights that were converted; given back when memory runs short.
    public var weightSource: Int
    /// Results of operations.
    public var activations: Int
    /// Pictures that wait for the vision tower.
    public var pixels: Int
    /// States, keys and values of pictures, kept for prompts to come.
    public var imageStates: Int
    /// Keys and values of text positions.
    public var keyValues: Int

    /// What has to fit into memory.
    public var needed: Int {
        harness + weights + activations + pixels + imageStates + keyValues
    }

    /// What the process will be seen to hold at most.
    public var peak: Int { needed + weightSource }
}

/// What a run will compute.
public struct WorkForecast: Sendable, Hashable {
    /// Pictures that go through the tower.
    public var pictures: Int
    /// Passes through the decoder.
    public var passes: Int
    /// Rows of all passes.
    public var rows: Int
    /// Floating-point operations of all pictures.
    public var pictureFLOPs: Double
    /// Floating-point operations of all passes.
    public var textFLOPs: Double
    /// Bytes of weights that one pass reads.
    public var bytesPerPass: Int

    /// Seconds on a machine.
    /// - Parameter rate: what the machine gives.
    /// - Returns: the longer of computing and reading the weights, for tower and text each.
    public func seconds(at rate: MachineRate) -> Double {
        let reading = Double(passes) * Double(bytesPerPass) / rate.bytesPerSecond
        return pictureFLOPs / rate.engineFLOPs + max(textFLOPs / rate.engineFLOPs, reading)
    }
}

extension CheckpointOutline {
    /// Predicts a run's memory and work.
    /// - Parameters:
    ///   - requests: those of the run, or a representative part of them, in order.
    ///   - pictureCount: distinct pictures of the whole run.
    ///   - requestCount: requests of the whole run; work is scaled to it.
    ///   - options: what the engine may use.
    ///   - harness: bytes of the process without an engine.
    /// - Returns: the forecasts.
    public func forecast(
        _ requests: [RequestShape],
        pictureCount: Int,
        requestCount: Int,
        options: LocalEngineOptions,
        harness: Int
    ) -> (memory: MemoryForecast, work: WorkForecast) {
        let schedule = ScheduleForecast(
            requests,
            options,
            bytesPerPosition: bytesPerPosition(options.precision)
        )
        let mostPictures = requests.lazy.map(\.pictures).max() ?? 0
        let waiting = min(pictureCount, Scheduler.picturesAhead + mostPictures)
        let states = pictureCount * bytesPerPicture(options.precision)
        let pinned = mostPictures * bytesPerPicture(options.precision)
        let memory = MemoryForecast(
            harness: harness,
            weights: weights.residentByteCount,
            weightSource: weights.sourceByteCount,
            activations: WorkingMemory(
                configuration,
                options,
                logitRows: schedule.passes.lazy.map(\.logitRows).max() ?? 0
            ).byteCount,
            pixels: waiting * configuration.vision.pixelCount * 4,
            imageStates: min(states, max(options.imageCacheBytes, pinned)),
            keyValues: schedule.peakPositions * bytesPerPosition(options.precision)
        )
        return (memory, work(schedule, requests, pictureCount, requestCount, options))
    }

    private func work(
        _ schedule: ScheduleForecast,
        _ requests: [RequestShape],
        _ pictureCount: Int,
        _ requestCount: Int,
        _ options: LocalEngineOptions
    ) -> WorkForecast {
        let cost = ModelCost(configuration)
        let scale = requests.isEmpty ? 0 : Double(requestCount) / Double(requests.count)
        let rows = Double(schedule.passes.reduce(0) { $0 + $1.rows }) * scale
        let seen = Double(schedule.passes.reduce(0) { $0 + $1.seenPositions }) * scale
        let logits = Double(requests.reduce(0) { $0 + $1.logitRows }) * scale
        let matrices = size.decoder.matrix + size.crossLayers.matrix + size.head.matrix
        return WorkForecast(
            pictures: pictureCount,
            passes: Int((Double(schedule.passes.count) * scale).rounded()),
            rows: Int(rows.rounded()),
            pictureFLOPs: cost.picture * Double(pictureCount),
            textFLOPs: cost.token * rows + cost.position * seen + cost.logits * logits,
            bytesPerPass: matrices * options.precision.weightByteCount
        )
    }

    /// Keys and values of one text position in all layers.
    package func bytesPerPosition(_ precision: EnginePrecision) -> Int {
        2 * configuration.text.layerCount * configuration.text.width * precision.cacheByteCount
    }

    /// States of one picture with its keys and values of all cross layers (`ImageStates`).
    package func bytesPerPicture(_ precision: EnginePrecision) -> Int {
        let states = configuration.stateCount
        let keyValues = 2 * configuration.crossLayerCount * states * configuration.text.width
        return states * configuration.vision.width * 4 + keyValues * precision.cacheByteCount
    }
}

extension MemoryForecast {
    /// The larger of two forecasts, part by part: of runs that follow one another.
    public func maximum(_ other: MemoryForecast) -> MemoryForecast {
        MemoryForecast(
            harness: max(harness, other.harness),
            weights: max(weights, other.weights),
            weightSource: max(weightSource, other.weightSource),
            activations: max(activations, other.activations),
            pixels: max(pixels, other.pixels),
            imageStates: max(imageStates, other.imageStates),
            keyValues: max(keyValues, other.keyValues)
        )
    }
}
