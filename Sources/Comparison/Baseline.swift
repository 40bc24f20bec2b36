public import EvalCore
public import Foundation

/// Runs that later ones are held against, as a file that is committed beside the code.
///
/// Enough of every sample is in it for a paired comparison; pictures, prompts and outputs are not.
public struct Baseline: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Its runs, by task, shots and id.
    public var runs: [ComparedRun]

    /// What this program writes and reads.
    public static let format = 1

    /// Creates a baseline.
    public init(name: String, runs: [ComparedRun]) {
        self.name = name
        self.runs = runs.sorted {
            ($0.recipe.task, $0.recipe.shots, $0.run) < ($1.recipe.task, $1.recipe.shots, $1.run)
        }
    }

    /// The run that one of the baseline is held against.
    ///
    /// It is the last that asks the same, whatever checkpoint answers. Where the baseline has
    /// several that ask the same, it is the last of the same checkpoint's name and precision.
    /// - Parameters:
    ///   - run: of the baseline.
    ///   - recipes: of the candidates, oldest first.
    /// - Returns: a position among them; nil if there is none.
    public func counterpart(of run: ComparedRun, among recipes: [RunRecipe]) -> Int? {
        let isAlone = runs.count { $0.asksTheSame(as: run) } == 1
        return recipes.lastIndex {
            $0.asksTheSame(as: run.recipe) && (isAlone || $0.isOfSameEngine(as: run.recipe))
        }
    }

    /// What tells a run of the baseline apart from its others, in a few words.
    /// - Parameter run: of the baseline.
    /// - Returns: its title, with what others of that title do not share.
    public func title(of run: ComparedRun) -> String {
        let others = runs.filter { $0.title == run.title && $0.run != run.run }
        let parts: [(name: String, value: (RunRecipe) -> String)] = [
            ("", { $0.split }), ("limit ", { $0.limit.map(String.init) ?? "none" }),
            ("seed ", { "\($0.seed)" }), ("", { $0.promptProtocol }), ("", { $0.engine.model }),
            ("", { $0.engine.precision }),
        ]
        let telling = parts.filter { part in
            others.contains { part.value($0.recipe) != part.value(run.recipe) }
        }
        return ([run.title] + telling.map { $0.name + $0.value(run.recipe) })
            .joined(separator: " ")
    }

    private struct Head: Codable {
        var format: Int
        var name: String
    }

    private struct Contents: Codable {
        var format: Int
        var name: String
        var runs: [StoredRun]
    }

    /// Reads a file's bytes.
    /// - Parameters:
    ///   - data: the bytes.
    ///   - path: named in errors.
    /// - Throws: `ComparisonError`.
    public init(_ data: Data, path: String) throws(ComparisonError) {
        let decoder = JSONDecoder()
        do {
            let head = try decoder.decode(Head.self, from: data)
            guard head.format == Self.format else {
                throw ComparisonError.baselineFormat(path: path, format: head.format)
            }
            let contents = try decoder.decode(Contents.self, from: data)
            self.init(name: contents.name, runs: try contents.runs.map { try $0.run(path) })
            if let defect { throw ComparisonError.baselineUnreadable(path: path, reason: defect) }
        } catch let error as ComparisonError {
            throw error
        } catch {
            throw .baselineUnreadable(path: path, reason: Self.words(error))
        }
    }

    /// The file's bytes: the same runs give the same, a line per run.
    public var data: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func text(_ value: some Encodable) -> String {
            do {
                return String(decoding: try encoder.encode(value), as: UTF8.self)
            } catch {
                preconditionFailure("JSON of a baseline: \(error)")
            }
        }
        let lines = runs.map { text(StoredRun($0)) }.joined(separator: ",\n")
        return Data(
            "{\"format\":\(Self.format),\"name\":\(text(name)),\"runs\":[\n\(lines)\n]}\n".utf8
        )
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "the key \"\(key.stringValue)\" is missing"
        case DecodingError.typeMismatch(let type, let context),
            DecodingError.valueNotFound(let type, let context):
            "\(place(context)) is not of the expected type \(type)"
        case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
            "\(place(context)) is a wrong value: \(context.debugDescription)"
        default: "it is not JSON, is cut off, or holds a number that cannot be"
        }
    }

    /// `runs[0].recipe.seed`.
    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.reduce(into: "") { place, key in
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += (place.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }
}

/// A run as a baseline file keeps it.
private struct StoredRun: Codable {
    var run: String
    var recipe: RunRecipe
    var weightsSHA256: String?
    var notComparableReasons: [String]
    var errorCount: Int
    var metrics: [ComparedMetric]
    var samples: SampleColumns

    enum CodingKeys: String, CodingKey {
        case run, recipe
        case weightsSHA256 = "weights_sha256"
        case notComparableReasons = "not_comparable"
        case errorCount = "errors"
        case metrics, samples
    }

    init(_ run: ComparedRun) {
        self.run = run.run
        recipe = run.recipe
        weightsSHA256 = run.weightsSHA256
        notComparableReasons = run.notComparableReasons
        errorCount = run.errorCount
        metrics = run.metrics
        samples = SampleColumns(run.samples)
    }

    func run(_ path: String) throws(ComparisonError) -> ComparedRun {
        guard let samples = samples.samples else {
            let reason = "run \(run) has lists of samples of different lengths"
            throw .baselineUnreadable(path: path, reason: reason)
        }
        return ComparedRun(
            run: run,
            recipe: recipe,
            weightsSHA256: weightsSHA256,
            notComparableReasons: notComparableReasons,
            errorCount: errorCount,
            metrics: metrics,
            samples: samples
        )
    }
}

/// What can be wrong with a comparison's input.
public enum ComparisonError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file that is no baseline.
    case baselineUnreadable(path: String, reason: String)
    /// A file of another version of the program.
    case baselineFormat(path: String, format: Int)

    /// One line.
    public var description: String {
        switch self {
        case .baselineUnreadable(let path, let reason):
            "\(path): no baseline as `gate --save` writes it: \(reason)"
        case .baselineFormat(let path, let format):
            "\(path): a baseline of format \(format), this program reads \(Baseline.format); "
                + "save it again with `gate --save`"
        }
    }
}
