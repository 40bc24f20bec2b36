import EvalCore
import Evaluation
import Reporting

/// A prompt for people: white space is visible.
enum PromptText {
    static func preview(_ preview: PromptPreview) -> String {
        let query = preview.query
        let shots = query.shots.map(\.sample.id).joined(separator: ", ")
        let kind = query.shotsAreTextOnly ? " (as text only)" : ""
        var text = TerminalText.escaped(
            "\(preview.task) \(preview.split) index \(query.ordinal), id \(query.sample.id)"
        )
        text += "\nshots: " + TerminalText.escaped(shots.isEmpty ? "none" : shots + kind) + "\n"
        text += "stop: " + preview.stop.map(TerminalText.escaped).joined(separator: " | ") + "\n"
        if let tokens = preview.tokens { text += "tokens: \(tokens.count)\n" }
        return text + "\n" + prompt(query.prompt) + "\n"
    }

    /// The segments as one text, pictures named.
    static func prompt(_ prompt: Prompt) -> String {
        prompt.segments.reduce(into: "") { text, segment in
            switch segment {
            case .markup(let piece), .text(let piece): text += TerminalText.showingWhitespace(piece)
            case .image(let image): text += "<image: \(TerminalText.escaped(image.path))>"
            }
        }
    }
}
