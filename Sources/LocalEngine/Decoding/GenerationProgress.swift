import EvalCore
import Models
import Tensors

/// A generation under way: takes logits, asks for further positions.
protocol GenerationProgress: AnyObject {
    /// Takes the logits behind the prompt's last position.
    func start(_ row: LogitRow) throws

    /// Adds the next positions of its sequences; nothing once it is finished.
    func addStep(to pass: inout DecoderPass)

    /// The result, once finished.
    var result: Generation? { get }
}

/// What all sequences of a generation have in common.
struct GenerationContext {
    let plan: GenerationPlan
    let prompt: EncodedPrompt
    /// The prompt's positions; sequences fork from it.
    let cache: KeyValueCache
    let images: [ImageStates]
    let backend: any ComputeBackend
    let decode: @Sendable ([Int32]) -> String

    /// The image that every new token sees: that of the prompt's last token, whatever is produced.
    private var imageIndex: Int32 { prompt.imageIndex.last ?? -1 }

    /// Text of new tokens, cut before the first stop text.
    func text(of tokens: [Int32]) -> String { plan.stops.cut(decode(tokens)) }

    /// Adds one new token's position to a pass.
    func add(
        _ token: Int32,
        cache: KeyValueCache,
        to pass: inout DecoderPass,
        then receive: @escaping (LogitRow) throws -> Void
    ) {
        pass.add(
            DecoderPass.Stretch(
                tokens: [token],
                imageIndex: [imageIndex],
                cache: cache,
                images: images,
                requestedRows: [0]
            ),
            then: { _, row in try receive(row) }
        )
    }
}
