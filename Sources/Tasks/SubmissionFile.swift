public import EvalCore
internal import Foundation
internal import StrictJSON

/// A file of predictions in the shape that a benchmark's server takes, or that `score` reads.
public enum SubmissionFile {
    /// What is predicted for a sample.
    public struct Prediction: Sendable, Hashable {
        /// The sample's id.
        public var id: String
        /// What was asked, where the file repeats it.
        public var prompt: String?
        /// The round of the sample's dialog, from 1, that ranks are of; nil for other values.
        public var round: Int?
        /// What is predicted.
        public var value: PredictedValue

        /// Creates a prediction.
        public init(
            id: String,
            prompt: String? = nil,
            round: Int? = nil,
            value: PredictedValue
        ) {
            self.id = id
            self.prompt = prompt
            self.round = round
            self.value = value
        }
    }

    /// Writes predictions; an existing file is replaced as a whole.
    /// - Parameters:
    ///   - path: the file.
    ///   - format: what the file is and what its members or columns are called.
    ///   - labels: how the dataset spells the names of labels.
    ///   - predictions: in file order; values must be of the format's kind, and ranks have a round.
    /// - Throws: `TasksError` if the file cannot be written.
    public static func write(
        _ path: String,
        format: PredictionFormat,
        labels: [Label] = [],
        _ predictions: some Sequence<Prediction>
    ) throws(TasksError) {
        let writer = SubmissionWriter(format: format, labels: labels)
        let rows = predictions.map(writer.members)
        do {
            try Data(writer.bytes(rows)).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw TasksError(
                .request,
                at: path,
                "cannot be written: \(error.localizedDescription)"
            )
        }
    }
}

/// Turns predictions into the bytes of a file.
private struct SubmissionWriter {
    typealias Members = [(key: String, value: JSONValue)]

    let format: PredictionFormat
    let labels: [Label]

    /// What a prediction's object or row holds.
    func members(_ prediction: SubmissionFile.Prediction) -> Members {
        var members: Members = [(format.idKey, identifier(prediction.id))]
        if let prompt = prediction.prompt { members.append(("prompt", .string(prompt))) }
        if case .ranks = prediction.value {
            guard let round = prediction.round else {
                preconditionFailure("ranks of sample \(prediction.id) without their round")
            }
            members.append((RankPredictions.Field.round.rawValue, .integer(round)))
        }
        return members + value(prediction.value)
    }

    func bytes(_ rows: [Members]) -> [UInt8] {
        switch format.layout {
        case .json:
            let items = rows.map { object($0) }
            return Array("[\n".utf8) + items.joined(separator: ",\n".utf8) + Array("\n]\n".utf8)
        case .jsonLines: return rows.flatMap { object($0) + [UInt8(ascii: "\n")] }
        case .csv:
            let head = rows.first?.map(\.key) ?? columns
            let lines = [head] + rows.map { $0.map { text($0.value) } }
            return lines.flatMap { cells in
                Array((cells.map(quoted).joined(separator: ",") + "\n").utf8)
            }
        }
    }

    /// The columns of a table without rows.
    private var columns: [String] {
        switch format.value {
        case .scores: [format.idKey] + format.valueKeys
        case .positive(let labelKey?): [format.idKey, format.valueKey, labelKey]
        default: [format.idKey, format.valueKey]
        }
    }

    private func identifier(_ id: String) -> JSONValue {
        switch format.idType {
        case .string: return .string(id)
        case .integer:
            guard let number = Int(id) else {
                preconditionFailure("id \(id) of a task with integer ids")
            }
            return .integer(number)
        }
    }

    private func value(_ value: PredictedValue) -> Members {
        switch value {
        case .text(let text): return [(format.valueKey, .string(text))]
        case .labels(let names):
            let spelled = names.map(spelling).joined(separator: " ")
            return [(format.valueKey, .string(spelled))]
        case .positive(let score, let label):
            var members: Members = [(format.valueKey, .number(score))]
            if case .positive(let labelKey?) = format.value, let label {
                members.append((labelKey, .string(spelling(label))))
            }
            return members
        case .ranks(let ranks): return [(format.valueKey, .array(ranks.map { .integer($0) }))]
        case .scores(let scores):
            return zip(format.valueKeys, scores).map { ($0, .number($1)) }
        }
    }

    /// The dataset's spelling of a label, the first of several with this name.
    private func spelling(_ name: String) -> String {
        labels.first { $0.name.hasSameBytes(as: name) }?.label ?? name
    }

    private func object(_ members: Members) -> [UInt8] {
        JSONValue.object(JSONObject(members.map { ($0.key, $0.value) })).utf8(.line)
    }

    private func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text() }
    }

    /// A cell after RFC 4180.
    private func quoted(_ cell: String) -> String {
        let isPlain = cell.utf8.allSatisfy { byte in
            byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != 0x0A && byte != 0x0D
        }
        if isPlain { return cell }
        let quote = [UInt8(ascii: "\"")]
        let inside = cell.utf8.flatMap { $0 == quote[0] ? quote + quote : [$0] }
        return String(decoding: quote + inside + quote, as: UTF8.self)
    }
}
