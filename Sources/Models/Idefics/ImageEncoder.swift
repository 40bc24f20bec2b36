import Tensors

/// Vision tower and, where the checkpoint has one, resampler: pixels to visual states.
struct ImageEncoder: Sendable {
    private let tower: ClipVisionTower
    private let resampler: PerceiverResampler?

    init(
        _ loader: WeightLoader,
        _ configuration: IdeficsConfiguration,
        _ counter: inout LoadCounter
    ) throws {
        tower = try ClipVisionTower(
            loader.scope("vision_model"),
            configuration.vision,
            &counter
        )
        resampler = try configuration.resampler.map { resampler in
            try PerceiverResampler(
                loader.scope("perceiver_resampler"),
                resampler,
                width: configuration.vision.width,
                &counter
            )
        }
    }

    /// Visual states `[N*L, E]` f32 of images `[3, S, S]`.
    func encode(
        _ images: [[Float]],
        on backend: any ComputeBackend,
        tap: LayerTap?
    ) -> Tensor {
        let states = backend.stage(.tower) { tower.encode(images, on: backend, tap: tap) }
        guard let resampler else { return states }
        return backend.stage(.resampler) {
            resampler.resample(states, imageCount: images.count, on: backend)
        }
    }
}
