internal import EvalCore
internal import Foundation
internal import GRDB

extension Row {
    /// The value of a column; throws where a damaged file holds another type.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: Int
    ) throws -> Value {
        try decode(Value.self, atIndex: column)
    }

    /// The value of a column that may be NULL.
    func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: Int
    ) throws -> Value? {
        try decode(Value?.self, atIndex: column)
    }

    /// A number of samples, small enough to add many of them.
    func count(_ column: Int) throws -> Int {
        let count: Int = try value(column)
        guard 0...Int(UInt32.max) ~= count else { throw UnreadableValue(text: "\(count)") }
        return count
    }

    /// A number of samples that may be NULL.
    func optionalCount(_ column: Int) throws -> Int? {
        hasNull(atIndex: column) ? nil : try count(column)
    }

    /// A finite number that may be NULL.
    func finite(_ column: Int) throws -> Double? {
        guard let number: Double = try optional(column) else { return nil }
        guard number.isFinite else { throw UnreadableValue(text: "\(number)") }
        return number
    }

    /// A run's status.
    func status(_ column: Int) throws -> RunStatus {
        let text: String = try value(column)
        guard let status = RunStatus(rawValue: text) else { throw UnreadableValue(text: text) }
        return status
    }

    /// A time in the form that the store writes.
    func date(_ column: Int) throws -> Date {
        let text: String = try value(column)
        guard let date = StoreTime.date(text) else { throw UnreadableValue(text: text) }
        return date
    }

    /// A time that may be NULL.
    func optionalDate(_ column: Int) throws -> Date? {
        hasNull(atIndex: column) ? nil : try date(column)
    }
}

/// A stored value that the store did not write.
private struct UnreadableValue: Error, CustomStringConvertible {
    var text: String

    var description: String { "\"\(text)\" stands where that cannot be" }
}
