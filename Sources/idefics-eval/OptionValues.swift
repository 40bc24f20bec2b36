public import ArgumentParser
public import Evaluation
public import LocalEngine

/// A list of distinct numbers: `0,4,8`.
struct NumberList {
    var values: [UInt64]

    init(_ values: [UInt64]) { self.values = values }

    /// Reads the value of an option.
    /// - Throws: `ValidationError` saying what is wrong with it.
    static func read(_ argument: String) throws -> NumberList {
        var values: [UInt64] = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let isNumber = !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
            guard isNumber, let value = UInt64(part) else {
                throw ValidationError(
                    "\"\(argument)\": expected numbers of 0 or more with commas between, such as 0,4,8"
                )
            }
            guard !values.contains(value) else {
                throw ValidationError("\"\(argument)\" names \(value) twice")
            }
            values.append(value)
        }
        return NumberList(values)
    }
}

extension NumberList: CustomStringConvertible {
    var description: String { values.map(String.init).joined(separator: ",") }
}

/// The value of `--selection`.
enum ShotRule: ExpressibleByArgument {
    case none
    case random
    case rices
    case fixed(file: String)

    init?(argument: String) {
        switch argument {
        case "none": self = .none
        case "random": self = .random
        case "rices": self = .rices
        default:
            guard argument.hasPrefix("fixed:"), argument.utf8.count > 6 else { return nil }
            self = .fixed(file: String(argument.dropFirst(6)))
        }
    }

    static let allValueStrings = ["random", "rices", "none", "fixed:FILE"]

    var defaultValueDescription: String { "random" }

    var request: RunRequest.Selection {
        switch self {
        case .none: .none
        case .random: .random
        case .rices: .rices
        case .fixed(let file): .fixed(file: file)
        }
    }
}

/// The value of `--max-memory`: bytes, or a number with K, M, G or T for powers of 1024.
struct ByteCount {
    var value: Int

    /// Reads the value of an option.
    /// - Throws: `ValidationError` saying what is wrong with it.
    static func read(_ argument: String) throws -> ByteCount {
        var digits = argument
        var shift = 0
        if let unit = argument.utf8.last, let power = units.firstIndex(of: unit & ~0x20) {
            shift = 10 * (power + 1)
            digits.removeLast()
        }
        let isNumber = !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let number = Int(digits), number > 0,
            number <= Int.max >> shift
        else {
            throw ValidationError("\"\(argument)\": expected bytes, such as 4000000000 or 4G")
        }
        return ByteCount(value: number << shift)
    }

    private static let units = Array("KMGT".utf8)
}

extension EnginePrecision: ExpressibleByArgument {}
extension OverlongPolicy: ExpressibleByArgument {}
extension ErrorPolicy: ExpressibleByArgument {}
extension TruncatedImagePolicy: ExpressibleByArgument {}
