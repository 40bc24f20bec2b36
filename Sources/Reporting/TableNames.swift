/// What the parts of a result table are called, as markdown.
struct TableNames: Sendable {
    private let table: ResultTable
    private let titles: [String: String]

    /// Prepares the names.
    /// - Parameters:
    ///   - table: the table.
    ///   - titles: task name → title; a task that is not listed shows its name.
    init(_ table: ResultTable, titles: [String: String]) {
        self.table = table
        self.titles = titles
    }

    /// A benchmark's title, with its split where the table has several of the task.
    func benchmark(_ column: ResultTable.Column) -> String {
        let splits = Set(table.columns.filter { $0.task == column.task }.map(\.split))
        return splits.count > 1 ? benchmarkAndSplit(column) : MarkdownText.escaped(title(column))
    }

    /// A benchmark's title and split.
    func benchmarkAndSplit(_ column: ResultTable.Column) -> String {
        MarkdownText.escaped("\(title(column)) \(column.split)")
    }

    private func title(_ column: ResultTable.Column) -> String {
        titles[column.task] ?? column.task
    }

    /// A row's model, told apart from its namesakes.
    func model(_ row: ResultTable.Row) -> String {
        MarkdownText.escaped(plainModel(row)) + (row.isDemo ? " (demo)" : "")
    }

    /// A row's model, settings and shots.
    func row(_ row: ResultTable.Row) -> String {
        ([model(row)] + varyingSettings(of: row) + [shots([row.shots])]).joined(separator: ", ")
    }

    /// Where cells are: such as `VQAv2, OKVQA 0, 4 shots; COCO 4 shots (instruct)`.
    /// - Parameter cells: cells of the table.
    /// - Returns: benchmarks with the shots, and what else tells the rows apart.
    func places(_ cells: [ResultTable.Cell]) -> String {
        let shotsByPlace = grouped(cells) { cell in
            [rowWithoutShots(table.rows[cell.row]), benchmark(table.columns[cell.column])]
        }
        .map { place, cells in
            (row: place[0], benchmark: place[1], shots: cells.map { table.rows[$0.row].shots })
        }
        return grouped(shotsByPlace) { [shots($0.shots), $0.row] }.map { key, places in
            places.map(\.benchmark).joined(separator: ", ") + " " + key[0]
                + (key[1].isEmpty ? "" : " (\(key[1]))")
        }
        .joined(separator: "; ")
    }

    /// What tells a row from the others of the table; empty if it is the only one.
    func rowAmong(_ row: ResultTable.Row) -> String {
        let counts = Set(table.rows.map(\.shots)).count > 1 ? [shots([row.shots])] : []
        return ([rowWithoutShots(row)].filter { !$0.isEmpty } + counts).joined(separator: ", ")
    }

    private func rowWithoutShots(_ row: ResultTable.Row) -> String {
        let models = Set(table.rows.map(model))
        let parts = (models.count > 1 ? [model(row)] : []) + varyingSettings(of: row)
        return parts.joined(separator: ", ")
    }

    private func varyingSettings(of row: ResultTable.Row) -> [String] {
        table.varyingSettings.filter { !isKnownFromModel($0) }.map { index in
            let name = ResultTable.settingNames[index]
            let setting = MarkdownText.escaped(row.settings[index])
            return name == "seed" ? "seed \(setting)" : setting
        }
    }

    /// True for a setting that each model has one value of: naming both says nothing more.
    private func isKnownFromModel(_ index: Int) -> Bool {
        let rowsByModel = Dictionary(grouping: table.rows, by: model)
        return rowsByModel.count > 1
            && rowsByModel.values.allSatisfy { Set($0.map { $0.settings[index] }).count == 1 }
    }

    private func shots(_ counts: [Int]) -> String {
        counts.map(String.init).joined(separator: ", ") + (counts == [1] ? " shot" : " shots")
    }
}

/// Elements by their key, in order of first appearance.
func grouped<Element, Key: Equatable>(
    _ elements: [Element],
    by key: (Element) -> Key
) -> [(key: Key, elements: [Element])] {
    elements.reduce(into: []) { groups, element in
        let key = key(element)
        if let index = groups.firstIndex(where: { $0.key == key }) {
            groups[index].elements.append(element)
        } else {
            groups.append((key, [element]))
        }
    }
}

extension TableNames {
    /// What tells a row, whatever its shots, from the others of the table, as plain text: such as
    /// `checkpoint (demo), RICES`.
    /// - Parameters:
    ///   - row: the row.
    ///   - isOneModel: true leaves the model out where settings tell rows apart.
    /// - Returns: the name.
    func plainRow(_ row: ResultTable.Row, isOneModel: Bool) -> String {
        let settings = table.varyingSettings.map { index in
            let setting = row.settings[index]
            return ResultTable.settingNames[index] == "seed" ? "seed \(setting)" : setting
        }
        let demo = row.isDemo ? " (demo)" : ""
        guard !isOneModel || settings.isEmpty else {
            return settings.joined(separator: ", ") + demo
        }
        return ([plainModel(row) + demo] + settings).joined(separator: ", ")
    }

    /// A row's model, told apart from its namesakes.
    func plainModel(_ row: ResultTable.Row) -> String {
        let namesakes = Set(table.rows.filter { $0.model == row.model }.map(\.weightsDigest))
        return row.model + (namesakes.count > 1 ? " (\(row.weightsDigest.prefix(8)))" : "")
    }
}
