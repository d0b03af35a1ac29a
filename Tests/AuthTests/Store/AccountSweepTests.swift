import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct AccountSweepTests {
    @Test func `What has expired goes, and what is alive stays`() async throws {
        try await AuthTest.with { auth in
            let living = try await auth.signedIn("maria@example.org")
            _ = try await auth.login("maria@example.org")
            _ = try await auth.sql(
                """
                UPDATE user_sessions SET is_active = false, end_reason = 'signed_out', ended_at = now() - interval '31 days'
                WHERE user_id = \(living.user.id) AND id <> (SELECT min(id::text)::uuid FROM user_sessions)
                """)
            _ = try await auth.sql("UPDATE users SET email_verification_expires = now() - interval '1 minute'")
            _ = try await auth.sql(
                """
                INSERT INTO email_changes (user_id, old_email, new_email, token_hash, expires_at)
                VALUES (\(living.user.id), 'maria@example.org', 'new@example.org', '\\x01', now() - interval '1 minute')
                """)
            let agency: Agency = try await auth.service.post(
                "/v1/agencies", ["kind": "rescue", "name": "Paws"], headers: auth.headers(living)
            ).json()
            _ = try await auth.sql(
                """
                INSERT INTO agency_invitations (agency_id, email, role, token_hash, expires_at)
                SELECT \(agency.id), 'stranger' || day || '@example.org', 'agent', sha256(day::text::bytea), now() - make_interval(days => day)
                FROM unnest('{29, 31}'::integer[]) AS day
                """)
            let store = AccountSweepStore(postgres: auth.service.platform.postgres)
            #expect(try await store.sweep() == false)
            func count(_ query: SQL) async throws -> Int { try await auth.sql("SELECT count(*) AS n FROM \(query)")[0]["n"] }
            #expect(try await count("user_sessions") == 1)
            #expect(try await count("refresh_tokens") == 1)
            #expect(try await count("email_changes") == 0)
            #expect(try await count("agency_invitations") == 1)
            #expect(try await count("users WHERE email_verification_token_hash IS NOT NULL") == 0)
            #expect(try await count("signing_keys") >= 1)
        }
    }
}
