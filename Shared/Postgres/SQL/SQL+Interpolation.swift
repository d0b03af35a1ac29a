extension SQL {
    /// What `"… \(value) …"` builds up.
    public struct Interpolation: StringInterpolationProtocol {
        var sql = SQL(unsafe: "")

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + interpolationCount * 3)
        }

        public mutating func appendLiteral(_ literal: String) { sql.text += literal }

        /// A bind. `nil` binds NULL.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            // Not by key path, which would be looked up at run time, with every bind.
            sql.append(bind: value.map { $0.postgresValue } ?? .null(Value.postgresType))
        }

        /// A bind that is in Postgres' text form already.
        public mutating func appendInterpolation(_ value: PostgresValue) { sql.append(bind: value) }

        /// A nested fragment, whose binds are renumbered.
        public mutating func appendInterpolation(_ fragment: SQL) { sql.append(fragment) }

        /// A quoted identifier.
        public mutating func appendInterpolation(identifier: String) { sql.text += SQL.quoted(identifier: identifier) }
    }

    static func quoted(identifier: String) -> String {
        guard identifier.utf8.contains(UInt8(ascii: "\"")) else { return "\"\(identifier)\"" }
        return "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
