/// Why a safetensors file is refused.
public struct SafetensorsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let reason: Reason

    /// What can be wrong.
    public enum Reason: Equatable, Sendable {
        /// Too short for the length of its header.
        case noLength(got: Int)
        /// A header longer than the limit.
        case headerTooLarge(got: UInt64, limit: Int)
        /// A header that runs beyond the end of the file.
        case headerCut(got: Int, expected: Int)
        /// Header text that is broken or says something impossible.
        case header(String, at: Int)
        /// A tensor that does not begin where the one before it ends.
        case gap(String, begin: Int, end: Int)
        /// A tensor whose bytes do not fit its shape and dtype.
        case size(String, DType, [Int], got: Int)
        /// Data longer or shorter than the tensors.
        case length(got: Int, expected: Int)
        /// No tensor of this name.
        case noTensor(String)
        /// The file could not be written.
        case write(String)
    }

    init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// One line: the file, what is wrong, got, expected.
    public var description: String { "\(path): \(text)" }

    private var text: String {
        switch reason {
        case .noLength(let got):
            "not a safetensors file: \(got) bytes, a header's length alone takes 8"
        case .headerTooLarge(let got, let limit):
            "not a safetensors file: header of \(got) bytes, at most \(limit) are allowed"
        case .headerCut(let got, let expected):
            "header of \(expected) bytes, but only \(got) follow; is the download complete?"
        case .header(let message, let offset):
            "safetensors header, byte \(offset): \(message)"
        case .gap(let name, let begin, let end):
            "tensor '\(name)' begins at byte \(begin) of the data, expected \(end): "
                + "tensors must not overlap nor leave holes"
        case .size(let name, let dtype, let shape, let got):
            "tensor '\(name)' has \(got) bytes, which is not what \(dtype.rawValue) \(shape) takes"
        case .length(let got, let expected):
            "\(got) bytes of tensor data, expected \(expected); is the download complete?"
        case .noTensor(let name): "no tensor '\(name)'"
        case .write(let cause): "cannot be written: \(cause)"
        }
    }
}
