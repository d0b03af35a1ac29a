import Postgres

/// A column that is to change.
struct Assignment: Sendable {
    var column: String
    var sql: SQL

    init(_ column: String, _ value: (some PostgresEncodable)?) {
        self.column = column
        sql = "\(identifier: column) = \(value)"
    }

    /// Nil when the patch leaves the column alone.
    init?<Value: Sendable>(_ column: String, _ change: Change<Value>, _ stored: (Value) -> some PostgresEncodable) {
        switch change {
        case .absent: return nil
        case .clear: self.init(column, change.value.map(stored))
        case .set(let value): self.init(column, stored(value))
        }
    }
}
