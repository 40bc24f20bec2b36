internal import EvalCore
internal import InputFiles
internal import StrictJSON

/// Predicted texts of a split's samples, read from a file.
public struct Predictions: Sendable {
    /// The predicted text of each sample in file order, nil where the file has none.
    public let texts: [String?]
    /// Number of samples that have a prediction.
    public let count: Int

    /// Number of samples without a prediction.
    public var missingCount: Int { texts.count - count }
}

extension Predictions {
    /// Reads a JSON list such as `[{"question_id": 1, "answer": "red"}]`, plain or gzip-compressed.
    ///
    /// Other members of the objects are ignored, as the benchmarks' own evaluators do.
    /// - Parameters:
    ///   - path: the file.
    ///   - format: names of the members and the type of ids.
    ///   - samples: the samples that may be predicted.
    /// - Returns: the predictions.
    /// - Throws: `JSONError` with file, line and item for malformed JSON, a missing member and a
    ///   wrong type; `TasksError` for an id that is unknown or stands twice; `InputFileError`.
    public static func read(
        _ path: String,
        format: PredictionFormat,
        for samples: any SampleSource
    ) throws -> Predictions {
        var texts = [String?](repeating: nil, count: samples.count)
        var count = 0
        let chunks = try InputFile(path).chunks()
        var scanner = JSONScanner(source: path) { try chunks.next() }
        try scanner.forEachElement { element in
            let (id, text) = try prediction(&element, format)
            guard let index = samples.index(of: id) else {
                throw element.rejection("\(format.idKey) \(id) is no id of this split")
            }
            guard texts[index] == nil else {
                throw element.rejection("\(format.idKey) \(id) has a second prediction")
            }
            texts[index] = text
            count += 1
        }
        try scanner.finish()
        return Predictions(texts: texts, count: count)
    }

    private static func prediction(
        _ element: inout JSONScanner,
        _ format: PredictionFormat
    ) throws -> (id: String, text: String) {
        var id: String?
        var text: String?
        try element.forEachMember { key, value in
            if key.utf8.elementsEqual(format.idKey.utf8) {
                switch format.idType {
                case .integer: id = String(try value.integer())
                case .string: id = try value.string()
                }
            } else if key.utf8.elementsEqual(format.valueKey.utf8) {
                text = try value.string()
            }
        }
        guard let id else { throw element.failure("has no \"\(format.idKey)\"", code: .missing) }
        guard let text else {
            throw element.failure("has no \"\(format.valueKey)\"", code: .missing)
        }
        return (id, text)
    }
}

extension JSONScanner {
    fileprivate func rejection(_ message: String) -> TasksError {
        let error = failure(message)
        return TasksError(
            .predictions,
            at: "\(error.source):\(error.line): \(error.path)",
            error.message
        )
    }
}
