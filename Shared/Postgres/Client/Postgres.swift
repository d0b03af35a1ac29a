import Logging
import ServiceLifecycle

/// A bounded, fair pool of connections to one database; `run()` is its root task.
///
/// Connections are opened when they are needed, so statements may run before `run()` does.
public final class Postgres: PostgresQuerying, Service {
    public enum Isolation: Sendable { case readCommitted, repeatableRead, serializable }

    let pool: Pool
    let signalBoard = SignalBoard()

    public init(_ configuration: PostgresConfiguration, logger: Logger) {
        pool = Pool(configuration, logger: logger)
    }

    deinit { pool.close() }

    /// Looks after the pool until a graceful shutdown, then lets what is under way finish and closes. When cancelled it closes at once.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                self.pool.maintain()
                try await Task.sleep(for: .seconds(5))
            }
        }
        if Task.isCancelled { pool.close() } else { await pool.drain() }
    }

    public func rows(_ sql: SQL, file: StaticString, line: UInt) async throws -> [Row] {
        try await answers([sql], hidden: 0, file, line)[0].rows
    }

    @discardableResult
    public func execute(_ sql: SQL, file: StaticString, line: UInt) async throws -> Int {
        try await answers([sql], hidden: 0, file, line)[0].touched
    }

    /// Statements that need nothing from one another, in one implicit transaction and one round trip, under a context. All
    /// or none take effect. The answers come in the order of the statements.
    public func batch(
        as context: (any RowSecurityContext)?, _ statements: [SQL], file: StaticString = #fileID, line: UInt = #line
    ) async throws -> [[Row]] {
        guard let setting = context.flatMap({ SQL.settings(of: $0) }) else { return try await answers(statements, hidden: 0, file, line).map(\.rows) }
        return try await answers([setting] + statements, hidden: 1, file, line).map(\.rows)
    }

    private func answers(_ statements: [SQL], hidden: Int, _ file: StaticString, _ line: UInt) async throws -> [Answer] {
        guard statements.count > hidden else { return [] }
        try SQL.check(statements, file, line)
        let unit = Unit(statements, hidden: hidden, independent: true, file: file, line: line)
        let start = ContinuousClock.now
        defer { pool.meters.answered(since: start) }
        return try await unit.answers { pool.submit(unit) }
    }

    /// Ticks after every committed transaction that called `signal(name)` in this process. Ticks coalesce.
    public func signals(_ name: String) -> AsyncStream<Void> { signalBoard.stream(name) }
}

extension Postgres {
    /// One row in one round trip under a context: the settings, the statement and the end of its implicit transaction travel together.
    public func first<Result: RowDecodable>(
        as context: any RowSecurityContext, _ sql: SQL, type: Result.Type = Result.self, file: StaticString = #fileID, line: UInt = #line
    ) async throws -> Result? { try await batch(as: context, [sql], file: file, line: line)[0].first.map(Result.init(row:)) }

    /// Every row in one round trip under a context.
    public func all<Result: RowDecodable>(
        as context: any RowSecurityContext, _ sql: SQL, type: Result.Type = Result.self, file: StaticString = #fileID, line: UInt = #line
    ) async throws -> [Result] { try await batch(as: context, [sql], file: file, line: line)[0].map(Result.init(row:)) }
}
