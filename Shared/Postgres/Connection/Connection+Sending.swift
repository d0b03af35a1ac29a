import CLibPQ

extension Connection {
    /// Writes units into the pipeline, each with a Sync of its own, so that an error in one does not harm another.
    func send(_ units: [Unit]) {
        var dropped = 0
        for (index, unit) in units.enumerated() {
            guard unit.markSent(on: self) else {
                dropped += 1
                continue
            }
            guard let steps = write(unit), PQpipelineSync(handle) == 1 else {
                // Half of it may be on its way: the whole connection is in doubt, and this unit was not executed.
                return lose(PostgresError(connection: handle), unsent: Array(units[index...]))
            }
            inFlight.append(InFlight(unit: unit, steps: steps))
        }
        if dropped > 0 { owner?.finished(dropped, on: self) }
    }

    /// Longer texts, made for one list of values, would fill the memory of both sides and never come again.
    private static let longestPrepared = 8_192

    private func write(_ unit: Unit) -> [Step]? {
        var steps: [Step] = []
        steps.reserveCapacity(unit.statements.count)
        // A unit of very many statements could push its own out of the cache.
        let isKept =
            unit.statements.count < Connection.preparedStatements / 2 && unit.statements.allSatisfy { $0.text.utf8.count <= Self.longestPrepared }
        guard usesNames, isKept else {
            for sql in unit.statements {
                guard sendUnnamed(sql) else { return nil }
                steps.append(.execute(sql, nil))
            }
            return steps
        }
        let found = unit.statements.map { statements.entry(for: $0) }
        for evicted in found.compactMap(\.evicted) + statements.takeStale() {
            guard drop(evicted) else { return nil }
        }
        for (sql, statement) in zip(unit.statements, found) {
            if statement.isNew {
                guard prepare(sql, as: statement.entry) else { return nil }
                steps.append(.prepare(statement.entry))
            }
            guard execute(sql, statement.entry) else { return nil }
            steps.append(.execute(sql, statement.entry))
        }
        return steps
    }

    private func drop(_ entry: StatementCache.Entry) -> Bool {
        let sql = SQL(unsafe: "DEALLOCATE \(entry.name)")
        guard sendUnnamed(sql), PQpipelineSync(handle) == 1 else { return false }
        let unit = Unit([sql], independent: false, housekeeping: true, file: #fileID, line: #line)
        inFlight.append(InFlight(unit: unit, steps: [.execute(sql, nil)]))
        return true
    }

    private func prepare(_ sql: SQL, as entry: StatementCache.Entry) -> Bool {
        let types = sql.binds.map { Oid($0.type.rawValue) }
        return PQsendPrepare(handle, entry.name, sql.text, Int32(types.count), types) == 1
    }

    private func execute(_ sql: SQL, _ entry: StatementCache.Entry) -> Bool {
        parameters.with(sql.binds) { PQsendQueryPrepared(handle, entry.name, Int32(sql.binds.count), $0, nil, nil, 0) == 1 }
    }

    private func sendUnnamed(_ sql: SQL) -> Bool {
        let types = sql.binds.map { Oid($0.type.rawValue) }
        return parameters.with(sql.binds) { PQsendQueryParams(handle, sql.text, Int32(types.count), types, $0, nil, nil, 0) == 1 }
    }
}
