internal import EvalCore

/// A group of samples by two of their properties.
struct SampleGroup: Sendable, Hashable {
    /// The value of the first property.
    let first: String
    /// The value of the second property.
    let second: String
}

/// A breakdown category that joins two properties of the samples.
struct GroupCategory: Sendable, Hashable {
    /// What stands for all values of a property.
    static let average = "Average"
    /// The category's name.
    let name: String
    /// Name of the first property.
    let first: String
    /// Name of the second property.
    let second: String

    /// Takes a category's name apart.
    init(_ name: String) {
        guard let parts = Self.halves(name, at: "_") else {
            preconditionFailure("breakdown category \(name) does not join two properties")
        }
        self.name = name
        (first, second) = (parts.first, parts.second)
    }

    /// The group that a value of the category stands for; nil if it has no space.
    func group(_ value: String) -> SampleGroup? { Self.halves(value, at: " ") }

    /// The group that a published number is, or probably is, of; nil if it is of none.
    func group(_ result: PublishedResult) -> SampleGroup? {
        guard let first = Self.name(first, in: result), let second = Self.name(second, in: result)
        else { return nil }
        return SampleGroup(first: first, second: second)
    }

    /// Such as `White for East Asian`, where the source's own head is doubted.
    func doubt(_ result: PublishedResult) -> String? {
        [first, second].lazy.compactMap { property in
            guard let printed = result.group?[property + "_printed"],
                let name = Self.name(property, in: result), printed != name
            else { return nil }
            return "\(printed) for \(name)"
        }.first
    }

    /// A property's name as a head.
    static func title(_ property: String) -> String {
        let words = property.unicodeScalars.split(separator: "_").map(String.init)
            .joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private static func name(_ property: String, in result: PublishedResult) -> String? {
        result.group?[property] ?? result.group?[property + "_probable"]
    }

    /// What stands before and after the first separator; nil without one.
    private static func halves(_ text: String, at separator: Unicode.Scalar) -> SampleGroup? {
        let scalars = text.unicodeScalars
        guard let index = scalars.firstIndex(of: separator) else { return nil }
        return SampleGroup(
            first: String(scalars[..<index]),
            second: String(scalars[scalars.index(after: index)...])
        )
    }
}

/// A run's headline by group, and the published numbers of the groups.
struct GroupedRun: Sendable {
    /// The run in its table.
    let cell: ResultTable.Cell
    /// The headline metric.
    let metric: String
    /// The values, in the metric's own unit.
    let values: [SampleGroup: CategoryValue]
    /// The published numbers.
    let published: [SampleGroup: PublishedResult]

    /// Takes a run apart; nil if its headline has no such category, or one whose values do not all
    /// name two properties.
    init?(_ cell: ResultTable.Cell, category: GroupCategory) {
        guard let headline = cell.run.metrics.first,
            let breakdown = headline.breakdown[category.name]
        else { return nil }
        let present = breakdown.filter { $0.value.count > 0 }
        let groups = present.compactMap { name, value in category.group(name).map { ($0, value) } }
        guard !groups.isEmpty, groups.count == present.count else { return nil }
        self.cell = cell
        metric = headline.metric
        values = Dictionary(uniqueKeysWithValues: groups)
        published = cell.publishedGroups.reduce(into: [:]) { numbers, number in
            if let group = category.group(number.result) { numbers[group] = number.result }
        }
    }

    /// False for a run whose numbers are marked.
    var mayStandBesideOthers: Bool { cell.run.isComparable && !cell.run.plan.isSubset }

    /// The groups that have samples, in no order.
    var groups: [SampleGroup] { Array(values.keys) }

    /// The value of a group, or the unweighted mean of several.
    ///
    /// Where both names are `Average`, it is the mean over the second property of the means over
    /// the first.
    /// - Returns: value and, for a single group, number of samples; nil without samples.
    func value(_ group: SampleGroup) -> (value: Double, count: Int?)? {
        if group.second == GroupCategory.average {
            let seconds = Set(values.keys.map(\.second))
            return mean(seconds.map { SampleGroup(first: group.first, second: $0) })
        }
        if group.first == GroupCategory.average {
            let firsts = Set(values.keys.map(\.first))
            return mean(firsts.map { SampleGroup(first: $0, second: group.second) })
        }
        return values[group].map { ($0.value, $0.count) }
    }

    private func mean(_ groups: [SampleGroup]) -> (value: Double, count: Int?)? {
        // Sorted, so that the sum has the same bits whatever the order of a set is.
        let values = groups.compactMap { value($0)?.value }.sorted()
        guard !values.isEmpty else { return nil }
        return (values.reduce(0, +) / Double(values.count), nil)
    }
}
