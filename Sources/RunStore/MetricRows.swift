internal import EvalCore
internal import Foundation
internal import GRDB

/// Statements on the aggregates of runs.
enum MetricRows {
    /// Writes aggregates, headline first; an equal metric and version is overwritten.
    static func insert(
        _ values: [MetricValue],
        run: (name: String, id: Int64),
        into db: Database
    ) throws {
        var versions = MetricVersions()
        for (position, value) in values.enumerated() {
            let numbers =
                [value.value, value.interval?.lowerBound, value.interval?.upperBound]
                .compactMap(\.self)
                + value.breakdown.values.flatMap { $0.values.map(\.value) }
            guard numbers.allSatisfy(\.isFinite) else {
                throw RunStoreError.invalidRecord(
                    run: run.name,
                    sampleID: nil,
                    reason: "metric \(value.metric) holds a number that is not finite"
                )
            }
            let metric = try versions.id(metric: value.metric, version: value.version, in: db)
            try db.execute(
                sql: """
                    INSERT OR REPLACE INTO metric(run_id, metric_id, position, value, low, high,
                      interval_method, count, reason, breakdown, computed)
                    VALUES(?,?,?,?,?,?,?,?,?,?,?)
                    """,
                arguments: [
                    run.id, metric, position, value.value, value.interval?.lowerBound,
                    value.interval?.upperBound, value.intervalMethod, value.count, value.reason,
                    sortedJSON(value.breakdown.mapValues { $0.mapValues(StoredCategory.init) }),
                    StoreTime.text(Date()),
                ]
            )
        }
    }

    /// The aggregates of a run: of each metric the latest version, headline first.
    static func values(run: Int64, in db: Database) throws -> [MetricValue] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT metric_version.metric, version, value, low, high, interval_method, count,
                  reason, breakdown, position
                FROM metric JOIN metric_version ON metric_version.id = metric_id
                WHERE run_id = ? ORDER BY version DESC
                """,
            arguments: [run]
        )
        var latest: [(value: MetricValue, position: Int)] = []
        for row in rows {
            let value = try value(row)
            if latest.contains(where: { $0.value.metric == value.metric }) { continue }
            latest.append((value, try row.value(9)))
        }
        return latest.sorted { $0.position < $1.position }.map(\.value)
    }

    private static func value(_ row: Row) throws -> MetricValue {
        var value = MetricValue(
            metric: try row.value(0),
            version: try row.value(1),
            value: try row.finite(2),
            intervalMethod: try row.optional(5),
            count: try row.count(6),
            reason: try row.optional(7)
        )
        let (low, high): (Double?, Double?) = (try row.finite(3), try row.finite(4))
        if let low, let high, low <= high { value.interval = low...high }
        let breakdown: String = try row.value(8)
        value.breakdown = try JSONDecoder()
            .decode([String: [String: StoredCategory]].self, from: Data(breakdown.utf8))
            .mapValues { $0.mapValues(\.value) }
        return value
    }
}

/// The stored form of a category's value.
private struct StoredCategory: Codable {
    private var mean: Double
    private var count: Int

    private enum CodingKeys: String, CodingKey {
        case mean = "value"
        case count
    }

    init(_ value: CategoryValue) {
        mean = value.value
        count = value.count
    }

    var value: CategoryValue { CategoryValue(value: mean, count: count) }
}
