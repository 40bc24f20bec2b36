internal import Foundation
internal import StrictJSON

/// A file of predictions in the shape that a benchmark's server takes.
public enum SubmissionFile {
    /// Writes predictions, one object a line; an existing file is replaced as a whole.
    /// - Parameters:
    ///   - path: the file.
    ///   - format: names of the members and the type of ids.
    ///   - predictions: id and text of each sample, in file order.
    /// - Throws: `TasksError` if the file cannot be written.
    public static func write(
        _ path: String,
        format: PredictionFormat,
        predictions: some Sequence<(id: String, text: String)>
    ) throws(TasksError) {
        var bytes = Array("[".utf8)
        var separator = "\n"
        for (id, text) in predictions {
            bytes += separator.utf8
            bytes += object(id, text, format).utf8(.line)
            separator = ",\n"
        }
        bytes += "\n]\n".utf8
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw TasksError(
                .request,
                at: path,
                "cannot be written: \(error.localizedDescription)"
            )
        }
    }

    private static func object(
        _ id: String,
        _ text: String,
        _ format: PredictionFormat
    ) -> JSONValue {
        let idValue: JSONValue
        switch format.idType {
        case .string: idValue = .string(id)
        case .integer:
            guard let number = Int(id) else {
                preconditionFailure("id \(id) of a task with integer ids")
            }
            idValue = .integer(number)
        }
        return .object(
            JSONObject([(format.idKey, idValue), (format.valueKey, .string(text))])
        )
    }
}
