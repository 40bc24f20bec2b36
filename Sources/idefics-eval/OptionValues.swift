public import ArgumentParser
public import Evaluation
public import LocalEngine

/// A list of distinct numbers: `0,4,8`.
struct NumberList: ExpressibleByArgument {
    var values: [UInt64]

    init(_ values: [UInt64]) { self.values = values }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt64($0) }
        let isList = !parts.isEmpty && numbers.count == parts.count
        guard isList, Set(numbers).count == numbers.count,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        values = numbers
    }

    var defaultValueDescription: String { values.map(String.init).joined(separator: ",") }
}

/// The value of `--selection`.
enum ShotRule: ExpressibleByArgument {
    case none
    case random
    case fixed(file: String)

    init?(argument: String) {
        switch argument {
        case "none": self = .none
        case "random": self = .random
        default:
            guard argument.hasPrefix("fixed:"), argument.utf8.count > 6 else { return nil }
            self = .fixed(file: String(argument.dropFirst(6)))
        }
    }

    static let allValueStrings = ["random", "none", "fixed:FILE"]

    var defaultValueDescription: String { "random" }

    var request: RunRequest.Selection {
        switch self {
        case .none: .none
        case .random: .random
        case .fixed(let file): .fixed(file: file)
        }
    }
}

extension EnginePrecision: ExpressibleByArgument {}
extension OverlongPolicy: ExpressibleByArgument {}
extension ErrorPolicy: ExpressibleByArgument {}
extension TruncatedImagePolicy: ExpressibleByArgument {}
