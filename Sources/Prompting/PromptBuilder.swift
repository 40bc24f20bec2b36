public import EvalCore

/// Writes prompts: prefix, shots and query, filled with samples.
///
/// Literals of a template become markup, fields become text, each `{image}` the sample's next
/// picture. Nothing of a sample is trimmed, escaped or normalised (contracts.md section 7).
public struct PromptBuilder: Sendable {
    /// How the engine continues these prompts, stop texts included.
    public let generation: GenerationSettings
    /// `present` or `absent`, nil where the protocol has no token that ends a shot.
    public let endOfChunk: String?
    private let format: PromptFormat

    /// Creates a builder.
    /// - Parameters:
    ///   - format: the templates and rules of the task's protocol and variant.
    ///   - hasEndOfChunk: whether the tokenizer knows the format's end-of-chunk token; false
    ///     where there is no tokenizer.
    public init(format: PromptFormat, hasEndOfChunk: Bool) {
        var format = format
        if let rule = format.endOfChunk, !hasEndOfChunk {
            format.prefix = format.prefix.removing(rule.token)
            format.shot = format.shot.removing(rule.token)
            format.query = format.query.removing(rule.token)
            format.generation.stop += rule.absentStop
        } else if let rule = format.endOfChunk {
            format.generation.stopTokens = rule.stopTokens
        }
        self.format = format
        generation = format.generation
        endOfChunk = format.endOfChunk.map { _ in hasEndOfChunk ? "present" : "absent" }
    }

    /// The texts that end a generation.
    public var stop: [String] { generation.stop }

    /// The prompt of a query.
    /// - Parameters:
    ///   - query: the sample that is asked about; its answer is not shown.
    ///   - shots: the examples before it, in prompt order.
    /// - Returns: the segments; neighbouring markup is one segment, empty texts are left out.
    /// - Precondition: the samples have the fields and pictures that the templates name.
    public func prompt(for query: Sample, shots: [Shot]) -> Prompt {
        var segments = SegmentList()
        segments.fill(format.prefix, from: nil)
        for shot in shots {
            segments.fill(
                format.shot,
                from: shot.sample,
                answer: shot.answer,
                isTextOnly: shot.isTextOnly
            )
        }
        segments.fill(format.query, from: query)
        if format.stripsEnds { segments.stripMarkupAtEnds() }
        return Prompt(segments: segments.segments)
    }
}
