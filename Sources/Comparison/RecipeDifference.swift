internal import EvalCore

/// A setting in which two recipes differ.
public struct RecipeDifference: Sendable, Hashable {
    /// The setting in words, such as `precision`.
    public var name: String
    /// The first run's.
    public var first: String
    /// The second run's.
    public var second: String

    /// True if prompts may differ for it.
    public var decidesPrompts: Bool {
        !["limit", "generation", "model", "weights", "precision", "kernels"].contains(name)
    }

    /// All settings in which two runs differ, in a fixed order.
    ///
    /// Weights of equal bytes are equal, wherever and whenever their files were written.
    public static func all(_ first: ComparedRun, _ second: ComparedRun) -> [RecipeDifference] {
        let sameWeights =
            first.weightsSHA256 != nil && first.weightsSHA256 == second.weightsSHA256
        // A run that draws shots reads more files.
        let readsTheSame =
            (first.recipe.supportDigest == nil) == (second.recipe.supportDigest == nil)
        let found = fields.compactMap { name, value -> RecipeDifference? in
            let (before, after) = (value(first.recipe), value(second.recipe))
            guard before != after, !(sameWeights && name == "weights"),
                readsTheSame || name != "data"
            else { return nil }
            return RecipeDifference(name: name, first: before, second: after)
        }
        return found + templates(first.recipe, second.recipe)
    }

    /// Prompts that differ by a space are what hours are lost to: the texts themselves.
    private static func templates(_ first: RunRecipe, _ second: RunRecipe) -> [RecipeDifference] {
        guard let before = first.templates, let after = second.templates else { return [] }
        return zip(before.visible, after.visible).compactMap { old, new in
            old.text == new.text
                ? nil : RecipeDifference(name: old.name, first: old.text, second: new.text)
        }
    }

    private typealias Field = (name: String, value: @Sendable (RunRecipe) -> String)

    private static let fields: [Field] = [
        ("task", { $0.task }), ("split", { $0.split }),
        ("limit", { $0.limit.map(String.init) ?? "none" }),
        ("task file", { "version \($0.taskVersion), \(short($0.taskDigest))" }),
        ("data", { short($0.dataDigest) }), ("shots", { "\($0.shots)" }),
        ("selection", { $0.selection }),
        ("what shots are chosen by", { $0.selectionEncoder ?? short($0.selectionDigest) }),
        ("support set", { "\($0.supportSize), \(short($0.supportDigest))" }),
        ("seed", { "\($0.seed)" }), ("protocol", { $0.promptProtocol }),
        ("variant", { $0.variant }), ("end of chunk", { $0.endOfChunk ?? "none" }),
        ("generation", { $0.generation.map(words) ?? "none" }), ("overlong", { $0.overlong }),
        ("truncated images", { $0.truncatedImages }), ("model", { $0.engine.model }),
        ("weights", { short($0.engine.weightsDigest) }),
        ("tokenizer", { short($0.engine.tokenizerDigest) }),
        ("image processor", { short($0.engine.processorDigest) }),
        ("precision", { $0.engine.precision }), ("kernels", { $0.engine.kernelSet }),
    ]

    private static func short(_ digest: String?) -> String {
        digest.map { "\($0.prefix(12))…" } ?? "none"
    }

    private static func words(_ settings: GenerationSettings) -> String {
        let stops = settings.stop.map { "\"\($0)\"" }.joined(separator: " ")
        let beams = settings.beams == 1 ? "greedy" : "\(settings.beams) beams"
        return "\(settings.maxNewTokens) new tokens, \(beams), length penalty "
            + "\(settings.lengthPenalty), stop \(stops.isEmpty ? "none" : stops)"
    }
}
