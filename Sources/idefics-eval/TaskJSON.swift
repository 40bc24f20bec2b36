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
