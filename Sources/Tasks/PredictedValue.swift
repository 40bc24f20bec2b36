/// What a prediction file says of a sample.
public enum PredictedValue: Sendable, Hashable {
    /// A text.
    case text(String)
    /// Names of labels in prompts, best first.
    case labels([String])
    /// A score of the positive label, and the name of the predicted label if the file has one.
    case positive(Double, label: String?)
    /// The rank of each of the sample's candidates, each of 1…n once.
    case ranks([Int])
    /// A number for each of the format's value keys.
    case scores([Double])
}

/// Predictions of a split's samples, read from a file.
public struct Predictions: Sendable {
    /// What is predicted for each sample in file order, nil where the file has nothing.
    public let values: [PredictedValue?]
    /// Number of samples that have a prediction.
    public let count: Int

    init(values: [PredictedValue?]) {
        self.values = values
        count = values.count { $0 != nil }
    }

    /// Number of samples without a prediction.
    public var missingCount: Int { values.count - count }
}
