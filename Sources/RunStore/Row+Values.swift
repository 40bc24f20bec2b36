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
private struct UnreadableValue: Error {
    var text: String
}
