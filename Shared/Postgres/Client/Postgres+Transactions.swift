extension Postgres {
    /// A transaction. BEGIN and the context travel with the first statement. Commits when `body` returns, rolls back when it throws. With `retries`, a
    /// serialisation failure or deadlock runs `body` again, so it must have no effect outside the database.
    public func transaction<Result: Sendable>(
        as context: (any RowSecurityContext)? = nil, isolation: Isolation = .readCommitted, retries: Int = 0,
        file: StaticString = #fileID, line: UInt = #line,
        _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        let opening = [isolation.begin] + (context.flatMap { SQL.settings(of: $0) }.map { [$0] } ?? [])
        try SQL.check(opening, file, line)
        var attempt = 0
        while true {
            do {
                return try await attemptTransaction(opening, file, line, body)
            } catch let error as PostgresError where error.sqlState?.isRetryable == true && attempt < retries {
                attempt += 1
                // Two that collided should not meet again at once.
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...(5 << min(attempt, 6)))))
            }
        }
    }

    private func attemptTransaction<Result: Sendable>(
        _ opening: [SQL], _ file: StaticString, _ line: UInt, _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        let connection = try await pool.reserve(file: file, line: line)
        let transaction = Transaction(connection, opening: opening)
        let result: Result
        do {
            result = try await body(transaction)
        } catch {
            pool.release(connection, usable: await transaction.rollback(file, line))
            throw error
        }
        do {
            try await transaction.commit(file, line)
            pool.release(connection)
        } catch {
            // A COMMIT refused before it ran leaves a failed transaction open; one that failed has ended it, and ROLLBACK does no harm.
            pool.release(connection, usable: await transaction.undo(file, line))
            throw error
        }
        let signals = transaction.signals
        if !signals.isEmpty { signalBoard.tick(signals) }
        return result
    }
}

extension Postgres.Isolation {
    fileprivate var begin: SQL {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}
