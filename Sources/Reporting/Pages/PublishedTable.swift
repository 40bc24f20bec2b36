internal import EvalCore

/// Published numbers of one benchmark by shots, as markdown, with what keeps them from being
/// compared with the runs shown.
struct PublishedTable: Sendable {
    private let curves: [PublishedCurves.Curve]
    private let column: ResultTable.Column
    private let protocols: Set<String>
    private let variants: Set<String>

    init(
        _ curves: [PublishedCurves.Curve],
        beside column: ResultTable.Column,
        in table: ResultTable
    ) {
        self.curves = curves
        self.column = column
        protocols = Set(table.cells.map(\.run.plan.recipe.promptProtocol))
        variants = Set(table.cells.map(\.run.plan.recipe.variant))
    }

    /// The table and its notes, ending in a line feed.
    var text: String {
        let shots = Set(curves.flatMap(\.results).map(\.shots)).sorted()
        let head = ["Model"] + shots.map { "\($0)" } + ["Conditions that differ"]
        let rule = [":--"] + shots.map { _ in "--:" } + [":--"]
        let rows = curves.map { curve in
            [MarkdownText.escaped(curve.title)]
                + shots.map { shots in
                    curve.results.first { $0.shots == shots }.map {
                        MarkdownText.escaped($0.printed)
                    } ?? "–"
                } + [MarkdownText.escaped(differences(curve).joined(separator: ", "))]
        }
        let lines = ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }
        return lines.joined() + "\n" + notes.map { "- \(MarkdownText.escaped($0))\n" }.joined()
    }

    /// Such as `split test-dev2015`, `vqa_accuracy_official`.
    private func differences(_ curve: PublishedCurves.Curve) -> [String] {
        let first = curve.results[0]
        var differences: [String] = []
        if first.split != column.split { differences.append("split \(first.split)") }
        if first.metric != column.metric { differences.append(first.metric) }
        if !protocols.contains(first.promptProtocol) {
            differences.append("\(first.promptProtocol) prompts")
        }
        if !variants.contains(first.variant) { differences.append("variant \(first.variant)") }
        return differences
    }

    private var notes: [String] {
        let heads = ["Columns are numbers of shots; values are as printed."]
        let remarks = curves.flatMap { curve in
            let reasons = curve.results.compactMap(\.referenceOnly) + curve.results.flatMap(\.notes)
            return grouped(reasons, by: \.self).map { (text: $0.key, model: curve.title) }
        }
        return heads
            + grouped(remarks, by: \.text).map { text, remarks in
                "\(remarks.map(\.model).joined(separator: ", ")): \(text)."
            }
    }
}
