import Contracts
import Foundation
import TestKit
import Testing

@testable import Auth

@Suite struct RefreshTests {
    @Test func `A refresh gives new tokens of the same session`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let second: SignIn = try await auth.refresh(first.refreshToken).json()
            #expect(second.sessionID == first.sessionID && second.refreshToken != first.refreshToken)
            let third: SignIn = try await auth.refresh(second.refreshToken).json()
            #expect(third.refreshToken != second.refreshToken)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(third)).status == 200)
        }
    }

    @Test func `Of fifty refreshes of one token all get the same next token`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let tokens = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 { group.addTask { try await auth.refresh(first.refreshToken).json(SignIn.self).refreshToken } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(tokens).count == 1 && tokens[0] != first.refreshToken)
            let rows = try await auth.sql("SELECT used_at IS NULL AS is_fresh FROM refresh_tokens ORDER BY id")
            #expect(try rows.map { try $0["is_fresh"] as Bool } == [false, true])
        }
    }

    @Test func `Using an old token ends the session everywhere`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let second: SignIn = try await auth.refresh(first.refreshToken).json()
            _ = try await auth.sql("UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL")
            #expect(try await auth.refresh(first.refreshToken).problem == "invalid-refresh-token")
            #expect(try await auth.refresh(second.refreshToken).problem == "invalid-refresh-token")
            let event = try await auth.tap.first(SessionRevoked.self)
            #expect(event.sessionID == first.sessionID && event.reason == "refresh_token_reused")
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(second)).status == 401)
        }
    }

    @Test func `In its last seconds a token leads to the newest of its family, however many followed`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let second: SignIn = try await auth.refresh(first.refreshToken).json()
            let third: SignIn = try await auth.refresh(second.refreshToken).json()
            let late: SignIn = try await auth.refresh(first.refreshToken).json()
            #expect(late.refreshToken == third.refreshToken)
            #expect(try await auth.refresh(late.refreshToken).status == 200)
        }
    }

    @Test func `The way from an old token to a newer one is erased`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let second: SignIn = try await auth.refresh(first.refreshToken).json()
            _ = try await auth.sql("UPDATE refresh_tokens SET used_at = used_at - interval '11 seconds' WHERE used_at IS NOT NULL")
            _ = try await auth.refresh(second.refreshToken)
            let rows = try await auth.sql("SELECT successor_salt IS NULL AS is_erased FROM refresh_tokens ORDER BY id LIMIT 1")
            #expect(try rows.map { try $0["is_erased"] as Bool } == [true])
        }
    }

    @Test("A token that is no good is refused", arguments: ["", "unknown", String(repeating: "x", count: 300)])
    func useless(token: String) async throws {
        try await AuthTest.with { auth in
            let status = try await auth.refresh(token).status
            #expect(status == 401 || status == 422)
        }
    }

    @Test func `A session that has run out cannot be refreshed`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            _ = try await auth.sql("UPDATE user_sessions SET expires_at = now()")
            #expect(try await auth.refresh(first.refreshToken).status == 401)
        }
    }
}
