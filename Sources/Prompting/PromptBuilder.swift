public import EvalCore

/// Writes prompts: prefix, shots and query, filled with samples.
///
/// Literals of a template become markup, fields become text, each `{image}` the sample's next
/// picture. Nothing of a sample is trimmed, escaped or normalised (contracts.md section 7).
public struct PromptBuilder: Sendable {
    /// How the engine continues these prompts, stop texts included; nil where it scores candidates.
    public let generation: GenerationSettings?
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
        var generation = format.response.generation
        if let rule = format.endOfChunk, !hasEndOfChunk {
            format.prefix = format.prefix.removing(rule.token)
            format.shot = format.shot.removing(rule.token)
            format.query = format.query.removing(rule.token)
            generation?.stop += rule.absentStop
        } else if let rule = format.endOfChunk {
            generation?.stopTokens = rule.stopTokens
        }
        self.generation = generation
        self.format = format
        endOfChunk = format.endOfChunk.map { _ in hasEndOfChunk ? "present" : "absent" }
    }

    /// The templates that prompts are written by.
    public var templates: TemplateTexts {
        TemplateTexts(
            prefix: format.prefix.source,
            shot: format.shot.source,
            query: format.query.source
        )
    }

    /// The texts that end a generation.
    public var stop: [String] { generation?.stop ?? [] }

    /// How candidates' tokens become scores; nil for open-ended tasks.
    public var likelihood: LikelihoodRule? { format.response.candidates?.likelihood }

    /// The prompts of a query: one, or one for each of its pictures where it has more than the
    /// query template shows.
    /// - Parameters:
    ///   - query: the sample that is asked about; its answer is not shown.
    ///   - shots: the examples before it, in prompt order.
    ///   - candidates: the names of the candidates, in order; none for open-ended tasks.
    /// - Returns: the prompts in the order of the pictures. Neighbouring markup is one segment,
    ///   empty texts are left out.
    /// - Precondition: the samples have the fields and pictures that the templates name.
    public func prompts(for query: Sample, shots: [Shot], candidates: [String] = []) -> [Prompt] {
        guard format.query.imageCount == 1, query.images.count > 1 else {
            return [write(query, shots, candidates)]
        }
        return query.images.map { image in
            var part = query
            part.images = [image]
            return write(part, shots, candidates)
        }
    }

    private func write(_ query: Sample, _ shots: [Shot], _ candidates: [String]) -> Prompt {
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
        guard let rule = format.response.candidates else {
            return Prompt(segments: segments.segments)
        }
        return Prompt(
            segments: segments.segments,
            candidates: candidates.map { name in
                var candidate = SegmentList()
                candidate.fill(rule.template, from: query, answer: name)
                return candidate.segments
            },
            candidateEncoding: rule.encoding
        )
    }
}
