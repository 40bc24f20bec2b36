import EvalCore
import Evaluation
import Reporting
import StrictJSON
import Tasks

/// A task as JSON.
enum TaskJSON {
    static func object(_ task: TaskDefinition) -> JSONObject {
        JSONObject([
            ("task", .string(task.name)), ("version", .integer(task.version)),
            ("title", .string(task.title)), ("kind", .string(task.kind.rawValue)),
            ("metrics", .array(task.metrics.map { .string($0.name) })),
            ("default_split", .string(task.defaultSplit)),
            ("splits", .array(task.splits.map(split))),
            (
                "protocols",
                .object(
                    JSONObject(
                        task.protocols.map { definition in
                            let variants = definition.formats.keys.sorted()
                            return (definition.name, .array(variants.map { .string($0) }))
                        }
                    )
                )
            ),
            ("digest", .string(task.digest)), ("file", .string(task.file)),
        ])
    }

    private static func split(_ split: SplitDefinition) -> JSONValue {
        var object = JSONObject([
            ("name", .string(split.name)), ("count", .integer(split.count)),
        ])
        object["support"] = split.support.map { .string($0) }
        if case .slice(let source) = split.origin { object["slice_of"] = .string(source) }
        return .object(object)
    }
}

/// A task for people.
enum TaskText {
    static func description(_ task: TaskDefinition) -> String {
        var facts = AlignedTable([("", .left), ("", .left)])
        facts.add(["task", "\(task.name) version \(task.version): \(task.title)"])
        facts.add(["file", task.file])
        facts.add(["digest", task.digest])
        facts.add([
            "metrics", task.metrics.map { "\($0.name) v\($0.version)" }.joined(separator: ", "),
        ])
        facts.add(["breakdown", task.breakdown.joined(separator: ", ")])
        return facts.text + "\n" + splits(task) + "\n" + files(task)
            + task.protocols.map { "\n" + templates($0) }.joined()
    }

    private static func splits(_ task: TaskDefinition) -> String {
        var table = AlignedTable([
            ("split", .left), ("samples", .right), ("shots from", .left), ("", .left),
        ])
        for split in task.splits {
            let slice =
                if case .slice(let source) = split.origin { "slice of \(source)" } else { "" }
            let isDefault = split.name == task.defaultSplit ? "default" : slice
            table.add([split.name, String(split.count), split.support ?? "–", isDefault])
        }
        return table.text
    }

    private static func files(_ task: TaskDefinition) -> String {
        var table = AlignedTable([("file below --data", .left), ("from", .left)])
        for split in task.splits {
            guard case .files(let files) = split.origin else { continue }
            for file in files.files.sorted(by: { $0.key < $1.key }).map(\.value) {
                table.add([file.path, file.from])
            }
            table.add([files.images.path.source, files.images.from])
        }
        return table.text
    }

    private static func templates(_ definition: ProtocolDefinition) -> String {
        definition.formats.sorted { $0.key < $1.key }.map { variant, format in
            let lines = [
                "prefix  " + format.prefix.source, "shot    " + format.shot.source,
                "query   " + format.query.source,
            ]
            let heads = "\(definition.name) \(variant)\n"
            return heads + lines.map { "  \(TerminalText.escaped($0))\n" }.joined()
        }.joined()
    }
}

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
