import Checkpoints
import Tensors

/// What the configurations of this room read alike.
extension ConfigurationObject {
    /// An activation function by the name that transformers gives it.
    func activation(_ key: String, default fallback: Activation) throws -> Activation {
        guard let name = try string(key) else { return fallback }
        switch name {
        case "gelu": return .gelu
        case "quick_gelu": return .quickGelu
        case "relu": return .relu
        case "silu", "swish": return .silu
        default: throw failure(key, "expected gelu, quick_gelu, relu or silu; got \(quoted(name))")
        }
    }

    /// The ε of a norm: positive and below 1.
    func epsilon(_ key: String, default fallback: Float) throws -> Float {
        guard let value = try number(key) else { return fallback }
        guard value < 1, Float(value) > 0 else {
            throw failure(key, "expected a positive number below 1, got \(value)")
        }
        return Float(value)
    }

    /// Token ids below `logitCount`, one or a list; nil when absent or null.
    func tokens(_ key: String, below logitCount: Int) throws -> [Int32]? {
        try integers(key, in: 0...logitCount - 1)?.map { Int32($0) }
    }

    /// Checks that one dimension divides another.
    func requireDivides(
        _ divisor: (key: String, value: Int),
        _ dividend: (key: String, value: Int)
    ) throws {
        guard dividend.value.isMultiple(of: divisor.value) else {
            throw failure(
                dividend.key,
                "expected a multiple of \(divisor.key) (\(divisor.value)), got \(dividend.value);"
                    + " no such model can exist, take the original file"
            )
        }
    }

    /// A short quotation of foreign text on one line.
    func quoted(_ text: String) -> String {
        let shown = String(String.UnicodeScalarView(text.unicodeScalars.prefix(60)))
        return String(reflecting: shown)
    }
}

/// Upper limits of dimensions: far above any model, low enough that products cannot overflow.
enum DimensionLimit {
    static let width = 1...1 << 20
    static let layers = 1...1 << 12
    static let heads = 1...1 << 14
    static let vocabulary = 1...1 << 24
    static let imageSize = 1...1 << 13
    static let latents = 1...1 << 16
}
