import Foundation
import Postgres
import TestKit
import Testing

@Suite struct CommonMigrationTests {
    private func inSchema(_ body: @escaping @Sendable (PostgresSession) async throws -> Void) async throws {
        let up = try Stage.commonMigration.up
        try await TestDatabase.with { database in
            try await PostgresSession.with(database.configuration, logger: quiet) { session in
                try await session.script("CREATE SCHEMA catalog; SET search_path = catalog; \(up)")
                try await body(session)
            }
        }
    }

    @Test func itGoesUpDownAndUpAgain() async throws {
        try await inSchema { session in
            let migration = try Stage.commonMigration
            try await session.script(migration.down)
            try await session.script(migration.up)
        }
    }

    @Test func theCallerIsEmptyWhenNotSet() async throws {
        try await inSchema { session in
            let row = try #require(
                try await session.rows("SELECT current_user_id() IS NULL AS nobody, current_agency_ids() = '{}' AS none, current_app_role() AS role")
                    .first)
            #expect(try row["nobody"] as Bool && row["none"] as Bool)
            #expect(try row["role"] as String == "")
        }
    }

    @Test func idsMadeInSQLAreVersion7AndOfNow() async throws {
        try await inSchema { session in
            let id = try #require(try await session.value("SELECT uuid_v7()", as: UUID.self))
            #expect(id.uuid.6 >> 4 == 7 && id.uuid.8 >> 6 == 2)
            let milliseconds = [id.uuid.0, id.uuid.1, id.uuid.2, id.uuid.3, id.uuid.4, id.uuid.5].reduce(0) { $0 << 8 | UInt64($1) }
            #expect(abs(Double(milliseconds) / 1000 - Date().timeIntervalSince1970) < 60)
        }
    }

    @Test func aDayThatBeganInTheDefaultPartitionTakesItsRowsAlong() async throws {
        try await inSchema { session in
            _ = try await session.execute("INSERT INTO inbox (message_id, day) VALUES (uuid_v7(), (now() AT TIME ZONE 'UTC')::date + 9)")
            #expect(try await session.value("SELECT count(*) FROM inbox_default", as: Int.self) == 1)
            #expect(try await session.value("SELECT ensure_inbox_partitions(10)", as: Int.self) == 3)
            #expect(try await session.value("SELECT count(*) FROM inbox_default", as: Int.self) == 0)
            #expect(try await session.value("SELECT count(*) FROM inbox", as: Int.self) == 1)
        }
    }

    @Test func anOldDayGoesOnlyOnceNothingHasArrivedForTwoWeeks() async throws {
        try await inSchema { session in
            try await session.script(
                """
                CREATE TABLE inbox_20250101 (LIKE inbox INCLUDING ALL);
                ALTER TABLE inbox ATTACH PARTITION inbox_20250101 FOR VALUES FROM ('2025-01-01') TO ('2025-01-02');
                INSERT INTO inbox (message_id, day) VALUES (uuid_v7(), '2025-01-01');
                """)
            #expect(try await session.value("SELECT drop_old_inbox_partitions(0)", as: Int.self) == 0)
            try await session.script("UPDATE inbox SET received_at = now() - interval '15 days'")
            #expect(try await session.value("SELECT drop_old_inbox_partitions()", as: Int.self) == 1)
        }
    }

    @Test func aVersionCountsUpAndCachesAreTold() async throws {
        try await inSchema { session in
            try await session.script(
                """
                CREATE TABLE things (id uuid PRIMARY KEY DEFAULT uuid_v7(), version bigint NOT NULL DEFAULT 1, updated_at timestamptz);
                CREATE TRIGGER version BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION bump_version();
                CREATE TRIGGER touched BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
                CREATE TRIGGER told AFTER INSERT OR UPDATE OR DELETE ON things FOR EACH ROW
                    EXECUTE FUNCTION notify_cache_invalidate('thing:', 'id');
                INSERT INTO things DEFAULT VALUES;
                UPDATE things SET version = 99;
                """)
            #expect(try await session.value("SELECT version FROM things WHERE updated_at IS NOT NULL", as: Int64.self) == 2)
        }
    }
}
