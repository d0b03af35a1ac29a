import Synchronization

/// A transaction in progress. Valid only inside the body it was handed to.
public final class Transaction: PostgresQuerying, Sendable {
    private struct State {
        var isBegun = false
        var isOver = false
        var signals: Set<String> = []
        var savepoints = 0
    }

    let connection: Connection
    private let opening: [SQL]
    private let state = Mutex(State())

    init(_ connection: Connection, opening: [SQL]) {
        self.connection = connection
        self.opening = opening
    }

    public func rows(_ sql: SQL, file: StaticString, line: UInt) async throws -> [Row] {
        try await answers([sql], file, line)[0].rows
    }

    @discardableResult
    public func execute(_ sql: SQL, file: StaticString, line: UInt) async throws -> Int {
        try await answers([sql], file, line)[0].touched
    }

    /// Several statements in one round trip, in order.
    public func batch(_ statements: [SQL], file: StaticString = #fileID, line: UInt = #line) async throws -> [[Row]] {
        try await answers(statements, file, line).map(\.rows)
    }

    /// A SAVEPOINT: an error in `body` undoes only what `body` did.
    public func savepoint<Result: Sendable>(_ body: (Transaction) async throws -> Result) async throws -> Result {
        let name = state.withLock { state in
            state.savepoints += 1
            return SQL(unsafe: "hearth_\(state.savepoints)")
        }
        _ = try await answers(["SAVEPOINT \(name)"], #fileID, #line)
        do {
            let result = try await body(self)
            _ = try await answers(["RELEASE SAVEPOINT \(name)"], #fileID, #line)
            return result
        } catch {
            _ = try await answers(["ROLLBACK TO SAVEPOINT \(name)", "RELEASE SAVEPOINT \(name)"], cancellable: false, #fileID, #line)
            throw error
        }
    }

    /// Wakes `Postgres.signals(name)` once this transaction has committed.
    public func signal(_ name: String) { state.withLock { _ = $0.signals.insert(name) } }

    /// What `signal` was called with.
    var signals: Set<String> { state.withLock { $0.signals } }

    /// Sends BEGIN and the context now, for what cannot travel with them.
    func begin() async throws { _ = try await answers([], #fileID, #line) }

    func answers(
        _ statements: [SQL], cancellable: Bool = true, _ file: StaticString, _ line: UInt
    ) async throws -> [Answer] {
        try SQL.check(statements, file, line)
        let first = try state.withLock { state in
            guard !state.isOver else {
                throw PostgresError(.closed, "the transaction is over", query: statements.first?.text, file: file, line: line)
            }
            defer { state.isBegun = true }
            return !state.isBegun
        }
        guard first || !statements.isEmpty else { return [] }
        let unit = Unit(first ? opening + statements : statements, hidden: first ? opening.count : 0, independent: false, file: file, line: line)
        return try await unit.answers(cancellable: cancellable) { connection.submit(unit) }
    }

    /// Commits; a transaction in which nothing ran sends nothing.
    func commit(_ file: StaticString, _ line: UInt) async throws {
        guard end() else { return }
        let unit = Unit(["COMMIT"], independent: false, file: file, line: line)
        let answer: Answer
        do {
            answer = try await unit.answers(cancellable: false) { connection.submit(unit) }[0]
        } catch var error as PostgresError where error.kind == .connection {
            error.message = "the connection was lost during COMMIT, so it is unknown whether it took effect: \(error.message)"
            throw error
        }
        // Postgres answers so to COMMIT after an error that the body swallowed.
        if answer.tag == "ROLLBACK" {
            throw PostgresError(
                .server, "the transaction was rolled back, because one of its statements had failed", sqlState: .inFailedTransaction,
                query: "COMMIT", file: file, line: line)
        }
    }

    /// False when the connection cannot be used any more.
    func rollback(_ file: StaticString, _ line: UInt) async -> Bool {
        guard end() else { return true }
        return await undo(file, line)
    }

    /// ROLLBACK, whether or not the transaction is over. False when the connection cannot be used any more.
    func undo(_ file: StaticString, _ line: UInt) async -> Bool {
        let unit = Unit(["ROLLBACK"], independent: false, file: file, line: line)
        do {
            _ = try await unit.answers(cancellable: false) { connection.submit(unit) }
            return true
        } catch {
            return false
        }
    }

    /// True when there is something to end on the server.
    private func end() -> Bool {
        state.withLock { state in
            defer { state.isOver = true }
            return state.isBegun && !state.isOver
        }
    }
}
