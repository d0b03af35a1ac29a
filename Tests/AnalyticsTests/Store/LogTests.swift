import Contracts
import Foundation
import Logging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Analytics

@Suite("A log")
struct LogTests {
    @Test("of acts is never changed, nor are its rows deleted, by the service or by an administrator of the database")
    func immutable() async throws {
        try await AnalyticsStage.with { stage in
            let user = UUID.v7()
            try await stage.service.speaking(as: .auth) { try await $0.say(SessionStarted(sessionID: .v7(), userID: user)) }
            try await stage.heard(1)
            for change: SQL in [
                "UPDATE audit_logs SET action = 'x'", "UPDATE audit_logs SET ip_address = '192.0.2.1'", "UPDATE audit_logs SET user_id = NULL",
            ] {
                await #expect(throws: PostgresError.self) { try await stage.transaction { try await $0.execute(change) } }
            }
            await #expect(throws: PostgresError.self) { try await stage.transaction { try await $0.execute("TRUNCATE audit_logs") } }
            // No policy lets the service delete: it finds nothing to delete.
            #expect(try await stage.transaction { try await $0.execute("DELETE FROM audit_logs") } == 0)
            await #expect(throws: PostgresError.self) {
                try await PostgresSession.with(PostgresConfiguration(url: stage.service.adminDatabaseURL), logger: TestDatabase.logger) { session in
                    _ = try await session.execute("DELETE FROM analytics.audit_logs")
                }
            }
            #expect(try await stage.count("SELECT count(*) FROM audit_logs") == 1)
            for caller in [Caller.test(role: .administrator), Caller(userID: user, sessionID: .v7())] {
                for log in ["user_events", "audit_logs"] {
                    let postgres = stage.service.platform.postgres
                    #expect(
                        try await postgres.transaction(as: caller) { try await $0.execute("UPDATE \(identifier: log) SET user_agent = NULL") } == 0)
                    #expect(try await postgres.transaction(as: caller) { try await $0.execute("DELETE FROM \(identifier: log)") } == 0)
                }
            }
        }
    }

    @Test("has its months ahead, shows nothing of a month by itself, takes along what came before the month was made, and lets old months go")
    func partitions() async throws {
        try await AnalyticsStage.with { stage in
            let user = UUID.v7()
            let far = Date(timeIntervalSinceNow: 200 * 86_400)
            try await stage.service.speaking(as: .auth) { auth in
                try await auth.say(SessionStarted(sessionID: .v7(), userID: user))
                try await auth.say(SessionStarted(sessionID: .v7(), userID: user), at: far)
            }
            try await stage.heard(2)
            let admin = PostgresConfiguration(url: stage.service.adminDatabaseURL)
            for log in ["user_events", "audit_logs"] {
                let partitions: SQL = "SELECT count(*) FROM pg_inherits WHERE inhparent = \("analytics." + log)::regclass"
                #expect(try await stage.count(partitions) == 6, "\(log): the month before, this one, three more and the default one")
                let alone = try await stage.transaction { tx in
                    try await tx.rows("SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = \("analytics." + log)::regclass")
                        .map { try $0["name"] as String }
                }
                for partition in alone {
                    let name = String(partition.split(separator: ".").last ?? "")
                    #expect(try await stage.count("SELECT count(*) FROM \(identifier: name)") == 0, "\(name)")
                }
                #expect(try await stage.count("SELECT ensure_month_partitions(\(log), 8)") == 5)
                #expect(try await stage.count("SELECT ensure_month_partitions(\(log), 8)") == 0)
                #expect(try await stage.count("SELECT count(*) FROM \(identifier: log) WHERE user_id = \(user)") == 2)
                try await PostgresSession.with(admin, logger: TestDatabase.logger) { session in
                    let left = try await session.rows("SELECT count(*) AS left FROM analytics.\(identifier: log + "_default")").first?["left"] as Int?
                    #expect(left == 0, "\(log)")
                    _ = try await session.execute(
                        "CREATE TABLE analytics.\(identifier: log + "_2020_01") PARTITION OF analytics.\(identifier: log) FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')"
                    )
                    _ = try await session.execute("ALTER TABLE analytics.\(identifier: log + "_2020_01") OWNER TO hearth_analytics_owner")
                }
                #expect(try await stage.count("SELECT detach_month_partitions(\(log), 24)") == 1)
                #expect(try await stage.count(partitions) == 11)
                #expect(try await stage.count("SELECT count(*) FROM \(identifier: log) WHERE user_id = \(user)") == 2)
            }
            await #expect(throws: PostgresError.self) { try await stage.count("SELECT ensure_month_partitions('inbox', 1)") }
        }
    }

    @Test("of acts lays months older than a year into the archive, where they are read and stay unchangeable, and lets those older than two years go")
    func archive() async throws {
        try await AnalyticsStage.with { stage in
            let user = UUID.v7()
            func month(_ ago: Int) -> Date { Date(timeIntervalSinceNow: -Double(ago) * 30.5 * 86_400) }
            let admin = PostgresConfiguration(url: stage.service.adminDatabaseURL)
            try await PostgresSession.with(admin, logger: TestDatabase.logger) { session in
                for ago in [14, 30] {
                    let (name, begins, ends): (String, String, String) = try #require(
                        try await session.rows(
                            """
                            SELECT to_char(day, '"audit_logs_"YYYY_MM') AS name, day::text AS begins, (day + interval '1 month')::text AS ends
                            FROM date_trunc('month', \(month(ago))::timestamptz AT TIME ZONE 'UTC') AS day
                            """
                        ).first.map { (try $0["name"], try $0["begins"], try $0["ends"]) })
                    try await session.script(
                        """
                        CREATE TABLE analytics.\(name) PARTITION OF analytics.audit_logs FOR VALUES FROM ('\(begins)+00') TO ('\(ends)+00');
                        ALTER TABLE analytics.\(name) ENABLE ROW LEVEL SECURITY;
                        ALTER TABLE analytics.\(name) OWNER TO hearth_analytics_owner;
                        """)
                }
            }
            try await stage.service.speaking(as: .auth) { auth in
                // Two months that lie in partitions of their own, two that fell to the default one, and today.
                for ago in [0, 14, 15, 30, 31] { try await auth.say(SessionStarted(sessionID: .v7(), userID: user), at: month(ago)) }
            }
            try await stage.heard(5)
            let months = LogPartitionStore(postgres: stage.service.platform.postgres)
            for _ in 1...2 { try await months.keep(eventMonths: 24, auditMonths: 12, archiveMonths: 24) }
            #expect(try await stage.count("SELECT count(*) FROM audit_logs WHERE user_id = \(user)") == 1)
            #expect(try await stage.count("SELECT count(*) FROM audit_logs_archive WHERE user_id = \(user)") == 2)
            let caller = Caller(userID: user, sessionID: .v7())
            let page: Page<AuditLog> = try await stage.service.get("/v1/audit-logs?archived=true", as: caller).json()
            #expect(page.items.count == 2)
            let others: Page<AuditLog> = try await stage.service.get("/v1/audit-logs?archived=true", as: .test()).json()
            #expect(others.items.isEmpty)
            await #expect(throws: PostgresError.self) {
                try await stage.transaction { try await $0.execute("UPDATE audit_logs_archive SET action = 'x'") }
            }
            #expect(try await stage.transaction { try await $0.execute("DELETE FROM audit_logs_archive") } == 0)
            _ = try await PostgresSession.with(admin, logger: TestDatabase.logger) { session in
                await #expect(throws: PostgresError.self) { _ = try await session.execute("DELETE FROM analytics.audit_logs_archive") }
            }
            // Whoever is erased is taken out of the archive, too.
            try await stage.transaction { try await AuditLogStore(postgres: months.postgres).anonymise(user, in: $0) }
            #expect(try await stage.count("SELECT count(*) FROM audit_logs_archive WHERE num_nonnulls(old_values, new_values, ip_address) > 0") == 0)
        }
    }

    @Test("moves rows of the default partition whole into the month that is made, where they stay as unchangeable as they were")
    func moving() async throws {
        try await AnalyticsStage.with { stage in
            let user = UUID.v7()
            let far = Date(timeIntervalSinceNow: 200 * 86_400)
            let month: SQL = "to_char(\(far)::timestamptz AT TIME ZONE 'UTC', 'YYYY_MM')"
            let admin = PostgresConfiguration(url: stage.service.adminDatabaseURL)
            try await stage.service.speaking(as: .auth) { auth in
                for _ in 1...3 { try await auth.say(SessionStarted(sessionID: .v7(), userID: user), at: far) }
            }
            try await stage.heard(3)
            for log in ["user_events", "audit_logs"] {
                let content: SQL = """
                    SELECT md5(string_agg(kept::text, '|' ORDER BY kept.id)) FROM analytics.\(identifier: log) AS kept WHERE user_id = \(user)
                    """
                try await PostgresSession.with(admin, logger: TestDatabase.logger) { session in
                    let inDefault: SQL = "SELECT count(*) FROM analytics.\(identifier: log + "_default")"
                    #expect(try await session.value(inDefault, as: Int.self) == 3, "\(log)")
                    let before: String? = try await session.value(content)
                    #expect(try await stage.count("SELECT ensure_month_partitions(\(log), 8)") == 5)
                    #expect(try await session.value(inDefault, as: Int.self) == 0, "\(log)")
                    #expect(try await session.value(content) == before && before != nil, "\(log)")
                    let partition: String = try await session.value("SELECT \(log)::text || '_' || \(month)") ?? ""
                    #expect(try await session.value("SELECT count(*) FROM analytics.\(identifier: partition)", as: Int.self) == 3, "\(log)")
                    guard log == "audit_logs" else { return }
                    for change: SQL in [
                        "UPDATE analytics.\(identifier: partition) SET action = 'x'", "DELETE FROM analytics.\(identifier: partition)",
                    ] {
                        await #expect(throws: PostgresError.self) { _ = try await session.execute(change) }
                    }
                }
            }
        }
    }
}
