import CLibPQ

extension Transaction {
    /// Bulk COPY ... FROM STDIN. Returns the number of rows. The transaction can do nothing else meanwhile.
    public func copy(into table: SQL, columns: [String], rows: some Sequence<[PostgresValue]> & Sendable) async throws -> Int {
        try await begin()
        let names = columns.map { SQL.quoted(identifier: $0) }.joined(separator: ", ")
        let statement = "COPY \(table.text) (\(names)) FROM STDIN"
        return try await connection.alone { handle in
            try CopyWriter(handle, statement: statement).write(rows, columns: columns.count)
        }
    }
}

extension Postgres {
    /// Bulk COPY ... FROM STDIN in a transaction of its own. Returns the number of rows.
    ///
    /// Postgres refuses COPY into a table with row-level security, so under a context the rows go through a temporary table, and the policies hold.
    public func copy(
        into table: SQL, columns: [String], rows: some Sequence<[PostgresValue]> & Sendable, as context: (any RowSecurityContext)? = nil
    ) async throws -> Int {
        try await transaction(as: context) { tx in
            guard context != nil else { return try await tx.copy(into: table, columns: columns, rows: rows) }
            let names = SQL.joined(columns.map { "\(identifier: $0)" })
            _ = try await tx.execute("CREATE TEMPORARY TABLE hearth_copy ON COMMIT DROP AS SELECT \(names) FROM \(table) WITH NO DATA")
            _ = try await tx.copy(into: "pg_temp.hearth_copy", columns: columns, rows: rows)
            return try await tx.execute("INSERT INTO \(table) (\(names)) SELECT \(names) FROM pg_temp.hearth_copy")
        }
    }
}
