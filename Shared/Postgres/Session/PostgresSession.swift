import CLibPQ
import Logging

/// One connection of its own, on the direct URL, for what needs a session: advisory locks, migrations, tests.
public final class PostgresSession: PostgresQuerying, Sendable {
    private let connection: Connection
    // The connection itself only knows its owner weakly.
    private let owner: SessionOwner

    /// Connects, runs `body`, closes. Throws `PostgresError` of kind `.connection` when it cannot connect.
    public static func with<Result: Sendable>(
        _ configuration: PostgresConfiguration, logger: Logger, _ body: (PostgresSession) async throws -> Result
    ) async throws -> Result {
        let owner = SessionOwner()
        let session = PostgresSession(try await Connection.open(configuration, direct: true, owner: owner), owner)
        defer { session.connection.close() }
        return try await body(session)
    }

    private init(_ connection: Connection, _ owner: SessionOwner) {
        self.connection = connection
        self.owner = owner
    }

    public func rows(_ sql: SQL, file: StaticString, line: UInt) async throws -> [Row] { try await answer(sql, file, line).rows }

    @discardableResult
    public func execute(_ sql: SQL, file: StaticString, line: UInt) async throws -> Int { try await answer(sql, file, line).touched }

    /// A script of several statements, without binds (a migration). Unless it says otherwise, it is one transaction.
    public func script(_ text: String, file: StaticString = #fileID, line: UInt = #line) async throws {
        try await connection.alone { handle in
            guard let result = PQexec(handle, text) else { throw PostgresError(connection: handle, file: file, line: line) }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
            default: throw PostgresError(result: result, on: handle, query: nil, file: file, line: line)
            }
        }
    }

    private func answer(_ sql: SQL, _ file: StaticString, _ line: UInt) async throws -> Answer {
        try SQL.check([sql], file, line)
        // Not independent: BEGIN may have been sent before, and then nothing may run twice.
        let unit = Unit([sql], independent: false, file: file, line: line)
        return try await unit.answers { connection.submit(unit) }[0]
    }
}

/// A session has nobody to hand unsent statements on to.
private final class SessionOwner: ConnectionOwner {
    func finished(_ count: Int, on connection: Connection) {}
    func lost(_ connection: Connection, unsent: [Unit], because error: PostgresError) {
        for unit in unsent { unit.finish(.failure(error.placed(unit.statements.last?.text, unit.file, unit.line))) }
    }
}
