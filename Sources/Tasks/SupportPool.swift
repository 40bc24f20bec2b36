public import EvalCore
internal import InputFiles

/// A support set with its samples.
public struct SupportPool: Sendable {
    /// What shot selection works on.
    public var set: SupportSet
    /// SHA-256 (hex) of the annotation files' contents that the samples come from.
    public let dataDigest: String
    /// True if the samples are drawn from fewer than the published ones.
    public let isSubset: Bool
    private let samples: any SampleSource

    init(
        _ base: DatasetSplit,
        indices: [Int],
        requestedCount: Int,
        slice: String,
        isPerClass: Bool = false
    ) {
        samples = base.samples
        dataDigest = base.digest
        isSubset = base.isSubset
        let items = indices.map { index in
            let sample = base.samples.sample(at: index)
            return SupportItem(
                id: sample.id,
                index: index,
                imageKeys: sample.images.map(\.key),
                label: isPerClass ? base.samples.classKey(at: index) : nil
            )
        }
        set = SupportSet(
            items: items,
            requestedCount: requestedCount,
            slice: slice,
            digest: DataDigest.combined(items.map(\.id))
        )
    }

    /// The sample at a position of the support set.
    public func sample(_ position: Int) -> Sample {
        samples.sample(at: set.items[position].index)
    }
}

extension DatasetReader {
    /// More than any split has; products with numbers of classes stay numbers.
    private static let largestSupport = 1_000_000_000

    /// Draws the support set of a split's queries.
    ///
    /// It depends on seed, task and slice alone; one of another size begins with the same members.
    /// - Parameters:
    ///   - split: the queries.
    ///   - size: how many members, nil for as many as the task says; members of each class for
    ///     tasks that count by class.
    ///   - seed: the seed of the run.
    ///   - bySimilarity: true if shots will be chosen by what they look like, for which some
    ///     tasks have support sets of another size.
    /// - Returns: the members; fewer than asked for where the data has fewer.
    /// - Throws: as `split(_:seed:)`; `TasksError` if nothing is known of shots for this split or
    ///   its labels are not public.
    public func support(
        for split: DatasetSplit,
        size: Int?,
        seed: UInt64,
        bySimilarity: Bool = false
    ) throws -> SupportPool {
        let (definition, source) = try supportSource(for: split)
        let perClass = try task.split(split.name).supportPerClass
        let classCount = bySimilarity ? perClass?.rices : perClass?.random
        let count = size ?? classCount ?? definition.count
        guard 1...Self.largestSupport ~= count else {
            let range = "1 to \(Self.largestSupport) samples"
            throw TasksError(.request, at: "", "a support set has \(range), not \(count)")
        }
        let base = try labelled(source, seed: seed)
        let (order, slice) = try drawOrder(definition, source, base, seed: seed)
        guard perClass != nil else {
            let indices = order(count)
            return SupportPool(base, indices: indices, requestedCount: count, slice: slice)
        }
        let draw = ClassDraw(order(.max), of: base.samples, perClass: count)
        return SupportPool(
            base,
            indices: draw.indices,
            requestedCount: count * draw.classCount,
            slice: slice,
            isPerClass: true
        )
    }

    /// Gives the first rows of a support set, and the name of what they are drawn from.
    private func drawOrder(
        _ definition: SplitDefinition,
        _ source: String,
        _ base: DatasetSplit,
        seed: UInt64
    ) throws -> (first: (Int) -> [Int], slice: String) {
        guard definition.name != source else {
            let generator = KeyedGenerator(seed: seed, key: ["support", task.name, source])
            let order = Slices.order(of: base.samples, generator: generator)
            return ({ Array(order.prefix($0)) }, source)
        }
        let slices = try slices(of: source, base, seed: seed)
        let slice = slices.areDisjoint ? definition.name : source
        return ({ slices.support(of: definition.name, count: $0) }, slice)
    }

    /// The support set that a list of ids names, in the list's order.
    /// - Parameters:
    ///   - split: the queries.
    ///   - path: a text file with one id a line, of the split that the task draws shots from;
    ///     blank lines are skipped.
    ///   - seed: the seed of the run.
    /// - Returns: the members.
    /// - Throws: as `support(for:size:seed:)`; `TasksError` with file and line for an id that is
    ///   unknown or stands twice.
    public func support(
        for split: DatasetSplit,
        listedIn path: String,
        seed: UInt64
    ) throws -> SupportPool {
        let (_, source) = try supportSource(for: split)
        let base = try labelled(source, seed: seed)
        let lines = LineReader(try InputFile(path).chunks())
        var indices: [Int] = []
        var lineNumbers: [Int: Int] = [:]
        while let line = try lines.next() {
            let text = String(decoding: line.bytes, as: UTF8.self)
            let id =
                text.utf8.last == UInt8(ascii: "\r") ? String(text.unicodeScalars.dropLast()) : text
            if id.isEmpty { continue }
            let place = "\(path):\(line.number)"
            guard let index = base.samples.index(of: id) else {
                throw TasksError(.data, at: place, "\"\(id)\" is no id of \(task.name) \(source)")
            }
            if let first = lineNumbers.updateValue(line.number, forKey: index) {
                throw TasksError(.data, at: place, "\"\(id)\" stands in line \(first) already")
            }
            indices.append(index)
        }
        return SupportPool(base, indices: indices, requestedCount: indices.count, slice: path)
    }

    /// The split that shots come from, and the one with files behind it.
    private func supportSource(
        for split: DatasetSplit
    ) throws(TasksError) -> (definition: SplitDefinition, source: String) {
        guard let name = split.support else {
            let names = task.splits.filter(\.isEvaluated).map(\.name)
            if names.contains(split.name) {
                throw TasksError(.request, at: "", "\(task.name) \(split.name) has no shots")
            }
            throw TasksError(
                .request,
                at: "",
                "split \(split.name) of \(task.name) serves shots and has none itself; "
                    + "evaluate one of: \(names.joined(separator: ", "))"
            )
        }
        let definition = try task.split(name)
        if case .slice(let source) = definition.origin { return (definition, source) }
        return (definition, name)
    }

    private func labelled(_ source: String, seed: UInt64) throws -> DatasetSplit {
        let base = try self.split(source, seed: seed)
        guard base.hasLabels else {
            throw TasksError(
                .data,
                at: "",
                "split \(source) has no labels, so its samples cannot be shots"
            )
        }
        return base
    }
}

/// The first rows of each class in a drawn order.
private struct ClassDraw {
    /// First that of each class in the order of the draw, then the second of each, and so on: a
    /// larger draw begins with the members of a smaller one.
    let indices: [Int]
    /// How many classes there are.
    let classCount: Int

    init(_ order: [Int], of samples: any SampleSource, perClass limit: Int) {
        var counts: [[UInt8]: Int] = [:]
        var rounds: [[Int]] = []
        for index in order {
            let key = Array(samples.classKey(at: index).utf8)
            let round = counts[key, default: 0]
            counts[key] = round + 1
            guard round < limit else { continue }
            if round == rounds.count { rounds.append([]) }
            rounds[round].append(index)
        }
        indices = rounds.flatMap(\.self)
        classCount = counts.count
    }
}
