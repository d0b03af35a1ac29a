import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

/// The second wall: what the database itself refuses when the code asks as the wrong person.
@Suite struct RowSecurityTests {
    @Test func `A person sees their own rows, an administrator and the service see all, an anonymous visitor none`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org").user
            _ = try await auth.signedIn("paul@example.org")
            let postgres = auth.service.platform.postgres
            func count(_ table: SQL, _ context: any RowSecurityContext) async throws -> Int {
                try await postgres.batch(as: context, ["SELECT count(*) AS n FROM \(table)"])[0][0]["n"]
            }
            let user = Caller(userID: maria.id, sessionID: .v7())
            let stranger = Caller.test()
            let moderator = Caller.test(role: .moderator)
            let administrator = Caller.test(role: .administrator)
            #expect(try await count("users", user) == 1)
            #expect(try await count("user_sessions", user) == 1)
            for table: SQL in ["refresh_tokens", "signing_keys"] {
                #expect(try await count(table, user) == 0)
                #expect(try await count(table, administrator) == 0)
            }
            for context: any RowSecurityContext in [stranger, moderator, AnonymousCaller()] {
                for table: SQL in ["users", "user_sessions", "refresh_tokens", "signing_keys", "agencies", "agency_members"] {
                    #expect(try await count(table, context) == 0)
                }
            }
            for context: any RowSecurityContext in [administrator, ServiceCaller()] {
                #expect(try await count("users", context) == 2)
                #expect(try await count("user_sessions", context) == 2)
                #expect(try await count("agencies", context) == 1)
            }
        }
    }

    @Test(
        "What a person may not change of an account is refused by the database",
        arguments: [
            "role = 'administrator'", "status = 'suspended'", "email_verified = true", "password_hash = 'x'", "email = 'other@example.org'",
            "locked_until = NULL, mfa_enabled = true",
        ] as [SQL])
    func guarded(assignment: SQL) async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org").user
            let caller = Caller(userID: maria.id, sessionID: .v7())
            await #expect { () async throws -> Void in
                _ = try await auth.service.platform.postgres.batch(as: caller, ["UPDATE users SET \(assignment) WHERE id = \(maria.id)"])
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
        }
    }

    @Test func `Nobody joins an agency, or changes another's account or session, by their own hand`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let paul = try await auth.signedIn("paul@example.org").user
            let agency: Agency = try await auth.service.post(
                "/v1/agencies", ["kind": "rescue", "name": "Paws"], headers: auth.headers(maria)
            ).json()
            let caller = Caller(userID: paul.id, sessionID: .v7(), agencies: [AgencyMembership(agencyID: agency.id, role: .owner)])
            let postgres = auth.service.platform.postgres
            let join: SQL = "INSERT INTO agency_members (user_id, agency_id, role) VALUES (\(paul.id), \(agency.id), 'owner')"
            await #expect { () async throws -> Void in
                _ = try await postgres.batch(as: caller, [join])
            } throws: { ($0 as? PostgresError)?.sqlState == .insufficientPrivilege }
            let changes: [SQL] = [
                "UPDATE users SET bio = 'x' WHERE id = \(maria.user.id) RETURNING id",
                "UPDATE user_sessions SET is_active = false, ended_at = now() WHERE user_id = \(maria.user.id) RETURNING id",
                "UPDATE agencies SET name = 'x' WHERE id = \(agency.id) RETURNING id",
                "DELETE FROM agency_members WHERE agency_id = \(agency.id) RETURNING id",
            ]
            #expect(try await postgres.batch(as: caller, changes).allSatisfy(\.isEmpty))
        }
    }
}
