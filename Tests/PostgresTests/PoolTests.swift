import TestKit
import Testing

@testable import Postgres

@Suite struct PoolTests {
    @Test(arguments: [false, true]) func aContextHoldsForItsUnitAlone(pooled: Bool) async throws {
        try await TestDatabase.with(maximumConnections: 1, pooled: pooled) { (database) async throws in
            let postgres = database.postgres
            let who: SQL = "SELECT current_setting('app.current_user_id', true) AS who"
            for name in ["ada", "grace"] {
                #expect(try await postgres.batch(as: Someone(name), [who])[0][0]["who"] == name)
                #expect(try await postgres.transaction(as: Someone(name)) { tx in try await tx.rows(who)[0]["who"] } == name)
            }
            let after: String? = try await postgres.value(who)
            #expect(after == nil || after == "")
        }
    }

    @Test(arguments: [false, true]) func policiesSeeTheCallerInOneRoundTrip(pooled: Bool) async throws {
        try await TestDatabase.with(pooled: pooled) { (database) async throws in
            let postgres = database.postgres
            let role: SQL = "\(identifier: database.name)"
            try await postgres.execute("CREATE ROLE \(role)")
            for statement: SQL in [
                "CREATE TABLE notes (owner text, body text)", "ALTER TABLE notes ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY own ON notes USING (owner = current_setting('app.current_user_id', true))",
                "GRANT ALL ON notes TO \(role)", "INSERT INTO notes VALUES ('ada', 'a'), ('grace', 'g')",
            ] { try await postgres.execute(statement) }
            let read = try await postgres.batch(as: Someone("ada"), ["SET LOCAL ROLE \(role)", "SELECT body FROM notes"])
            #expect(try read[1].map { try $0["body"] as String } == ["a"])
            let refused = await #expect(throws: PostgresError.self) {
                try await postgres.transaction(as: Someone("ada")) { tx in
                    _ = try await tx.execute("SET LOCAL ROLE \(role)")
                    _ = try await tx.execute("INSERT INTO notes VALUES ('grace', 'forged')")
                }
            }
            #expect(refused?.sqlState == .insufficientPrivilege)
            try await postgres.execute("DROP OWNED BY \(role)")
            try await postgres.execute("DROP ROLE \(role)")
        }
    }

    @Test(arguments: [false, true]) func copyTakesTenThousandRows(pooled: Bool) async throws {
        try await TestDatabase.with(pooled: pooled) { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int8, words text)")
            let rows = (0..<10_000).map { [$0.postgresValue, $0 % 7 == 0 ? .null(.text) : "\\ tab\tline\n\($0)".postgresValue] }
            #expect(try await database.postgres.copy(into: "t", columns: ["id", "words"], rows: rows) == 10_000)
            #expect(try await database.postgres.copy(into: "t", columns: ["id", "words"], rows: rows, as: Someone("ada")) == 10_000)
            #expect(try await database.postgres.value("SELECT count(*) FROM t WHERE words = E'\\\\ tab\\tline\\n' || id") == 17_142)
            let error = await #expect(throws: PostgresError.self) {
                _ = try await database.postgres.copy(into: "t", columns: ["id"], rows: [["no number".postgresValue]])
            }
            #expect(error?.sqlState?.errorClass == "22")
            #expect(try await database.postgres.value("SELECT 1") == 1)
        }
    }

    @Test(arguments: [false, true]) func anErrorHarmsNoOtherUnit(pooled: Bool) async throws {
        try await TestDatabase.with(maximumConnections: 2, pooled: pooled) { (database) async throws in
            let failures = await withTaskGroup(of: Bool?.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let value: Int? = try? await database.postgres.value("SELECT 10 / \(number % 2)")
                        return number % 2 == 0 ? value == nil : value == 10
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 == true ? 0 : 1 }
            }
            #expect(failures == 0)
        }
    }

    @Test func aTransactionAndUnitsBothGetTheirTurn() async throws {
        try await TestDatabase.with(maximumConnections: 2) { (database) async throws in
            let postgres = database.postgres
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<20 {
                            try await postgres.transaction { tx in
                                _ = try await tx.execute("SELECT 1")
                                _ = try await tx.execute("SELECT 2")
                            }
                        }
                    }
                    group.addTask { for _ in 0..<50 { try await postgres.execute("SELECT 3") } }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func whoWaitsTooLongIsToldSo() async throws {
        try await TestDatabase.with(maximumConnections: 1, acquireTimeout: .milliseconds(300)) { (database) async throws in
            // Opening the connection may take longer than that on a busy machine.
            try await eventually { (try? await database.postgres.execute("SELECT 1")) != nil }
            try await database.postgres.transaction { tx in
                _ = try await tx.execute("SELECT 1")
                let unit = await #expect(throws: PostgresError.self) { try await database.postgres.execute("SELECT 1") }
                #expect(unit?.kind == .poolTimeout)
                let transaction = await #expect(throws: PostgresError.self) {
                    try await database.postgres.transaction { _ = try await $0.execute("SELECT 1") }
                }
                #expect(transaction?.kind == .poolTimeout)
            }
            try await eventually { (try? await database.postgres.execute("SELECT 1")) != nil }
        }
    }

    @Test(arguments: [false, true]) func cancellingTheTaskEndsTheQueryOnTheServer(pooled: Bool) async throws {
        try await TestDatabase.with(maximumConnections: 2, pooled: pooled) { (database) async throws in
            let sleeping: SQL =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%' AND state = 'active'"
            let task = Task { try await database.postgres.execute("SELECT pg_sleep(60)") }
            let inTransaction = Task { try await database.postgres.transaction { _ = try await $0.execute("SELECT pg_sleep(60)") } }
            try await PostgresSession.with(database.configuration, logger: TestDatabase.logger) { session in
                while try await session.value(sleeping) != 2 { try await Task.sleep(for: .milliseconds(5)) }
                task.cancel()
                inTransaction.cancel()
                await #expect(throws: CancellationError.self) { _ = try await task.value }
                await #expect(throws: CancellationError.self) { try await inTransaction.value }
                while try await session.value(sleeping) != 0 { try await Task.sleep(for: .milliseconds(5)) }
            }
            #expect(try await database.postgres.value("SELECT 1") == 1)
        }
    }

    @Test func whoWaitsBehindASlowStatementLeavesAtOnceWhenCancelled() async throws {
        try await TestDatabase.with(maximumConnections: 1) { (database) async throws in
            let slow = Task { try await database.postgres.execute("SELECT pg_sleep(60)") }
            try await eventually { database.postgres.pool.state.withLock { $0.slots.first?.load } == 1 }
            let waiting = Task { try await database.postgres.execute("SELECT 1") }
            try await eventually { database.postgres.pool.state.withLock { $0.waiters.count + ($0.slots.first?.load ?? 0) } == 2 }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            slow.cancel()
            await #expect(throws: CancellationError.self) { try await slow.value }
            #expect(try await database.postgres.value("SELECT 1") == 1)
        }
    }

    @Test func aKilledConnectionIsReplaced() async throws {
        try await TestDatabase.with(maximumConnections: 2) { (database) async throws in
            let kill: SQL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = \(database.name) AND pid <> pg_backend_pid()"
            let task = Task { try await database.postgres.execute("SELECT pg_sleep(60)") }
            try await PostgresSession.with(database.configuration, logger: TestDatabase.logger) { session in
                while try await session.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'  AND datname = current_database()"
                ) != 1 {
                    try await Task.sleep(for: .milliseconds(5))
                }
                _ = try await session.execute(kill)
            }
            let error = await #expect(throws: PostgresError.self) { _ = try await task.value }
            #expect(error?.kind == .connection)
            #expect(try await database.postgres.value("SELECT 1") == 1)
        }
    }

    @Test func aChangedTableIsReadAgainWithoutAnError() async throws {
        try await TestDatabase.with(maximumConnections: 1) { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int)")
            try await database.postgres.execute("INSERT INTO t VALUES (1)")
            #expect(try await database.postgres.rows("SELECT * FROM t")[0].has("name") == false)
            try await database.postgres.execute("ALTER TABLE t ADD name text")
            #expect(try await database.postgres.rows("SELECT * FROM t")[0].has("name"))
            for number in 0..<300 { try await database.postgres.execute(SQL(unsafe: "SELECT \(number)")) }
            #expect(try await database.postgres.value("SELECT count(*) <= 256 FROM pg_prepared_statements") == true)
        }
    }

    @Test func aSavepointUndoesOnlyItself() async throws {
        try await TestDatabase.with { (database) async throws in
            try await database.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)")
            try await database.postgres.transaction { tx in
                _ = try await tx.execute("INSERT INTO t VALUES (1)")
                await #expect(throws: PostgresError.self) {
                    try await tx.savepoint { _ = try await $0.execute("INSERT INTO t VALUES (1)") }
                }
                _ = try await tx.execute("INSERT INTO t VALUES (2)")
            }
            #expect(try await database.postgres.value("SELECT count(*) FROM t") == 2)
        }
    }

    @Test func aSwallowedErrorDoesNotPassForACommit() async throws {
        try await TestDatabase.with { (database) async throws in
            let error = await #expect(throws: PostgresError.self) {
                try await database.postgres.transaction { tx in _ = try? await tx.execute("SELECT 1/0") }
            }
            #expect(error?.sqlState == .inFailedTransaction)
        }
    }

    @Test func aSignalTicksAfterTheCommit() async throws {
        try await TestDatabase.with { (database) async throws in
            var ticks = database.postgres.signals("outbox").makeAsyncIterator()
            try await database.postgres.transaction { tx in
                _ = try await tx.execute("SELECT 1")
                tx.signal("outbox")
            }
            #expect(await ticks.next() != nil)
        }
    }
}

struct Someone: RowSecurityContext {
    let name: String
    init(_ name: String) { self.name = name }
    var settings: [(name: String, value: String)] { [("app.current_user_id", name), ("app.role", "user")] }
}
