/// Why one sample has no result.
///
/// It becomes that sample's error row; the run goes on.
public struct SampleFailure: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// A stable code, such as `image_unreadable` or `prompt_too_long`.
    public var code: String
    /// What, where, expected and got, what to do next: one line.
    public var message: String

    /// Creates a failure.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    public var description: String { message }
}
