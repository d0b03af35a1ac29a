import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct UserAdministrationTests {
    @Test func `Suspending signs somebody out everywhere, and the trail says who was what before`() async throws {
        try await AuthTest.with { auth in
            let admin = auth.headers(try await auth.administrator("admin@example.org"))
            let maria = try await auth.signedIn("maria@example.org")
            let path = "/v1/users/\(maria.user.id.uuidString.lowercased())"
            let shown = try await auth.service.get(path, headers: admin)
            #expect(try shown.json(ManagedUser.self).loginCount == 1)
            var guarded = admin
            guarded.add(name: "If-Match", value: try #require(shown.headers.first(name: "ETag")))
            let suspended = try await auth.service.patch(path, ["status": "suspended", "reason": "spam"], headers: guarded)
            #expect(try suspended.json(ManagedUser.self).user.status == .suspended)
            #expect(try await auth.service.patch(path, ["role": "moderator"], headers: guarded).status == 412)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(maria)).status == 401)
            #expect(try await auth.refresh(maria.refreshToken).status == 401)
            #expect(try await auth.login("maria@example.org").problem == "account-suspended")
            let event = try await auth.tap.first(AccountChanged.self) { $0.change == "suspended" }
            #expect(event.before?.status == "active" && event.after?.status == "suspended" && event.reason == "spam")
            #expect(try await auth.tap.first(SessionRevoked.self) { $0.userID == maria.user.id }.reason == "user_suspended")

            #expect(try await auth.service.patch(path, ["status": "active"], headers: admin).status == 200)
            #expect(try await auth.login("maria@example.org").status == 200)
        }
    }

    @Test func `Nobody but administrators looks after accounts, and they not after their own`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.administrator("admin@example.org")
            let admin = auth.headers(signIn)
            let own = "/v1/users/\(signIn.user.id.uuidString.lowercased())"
            #expect(try await auth.service.patch(own, ["role": "user"], headers: admin).problem == "own-account")
            let nobody = "/v1/users/\(UUID.v7().uuidString.lowercased())"
            #expect(try await auth.service.patch(nobody, ["role": "user"], headers: admin).status == 404)
            #expect(try await auth.service.post(nobody + "/unlock", [:] as [String: String], headers: admin).status == 404)
            #expect(try await auth.service.patch(nobody, ["status": "deleted"], headers: admin).status == 422)
            #expect(try await auth.service.patch(nobody, ["reason": "none"], headers: admin).status == 422)
            let maria = auth.headers(try await auth.signedIn("maria@example.org"))
            #expect(try await auth.service.get(own, headers: maria).status == 403)
            #expect(try await auth.service.patch(own, ["role": "user"], headers: maria).status == 403)
            #expect(try await auth.service.post(own + "/sessions/revoke", [:] as [String: String], headers: maria).status == 403)
        }
    }

    @Test func `A locked account is found and unlocked, and somebody is signed out everywhere`() async throws {
        try await AuthTest.with { auth in
            let admin = auth.headers(try await auth.administrator("admin@example.org"))
            let maria = try await auth.signedIn("maria@example.org")
            let path = "/v1/users/\(maria.user.id.uuidString.lowercased())"
            for _ in 0..<LockoutRule.tries { _ = try await auth.login("maria@example.org", password: "wrong wrong wrong") }
            #expect(try await auth.login("maria@example.org").status == 401)
            let locked: Page<ManagedUser> = try await auth.service.get("/v1/users?locked=true", headers: admin).json()
            #expect(locked.items.map(\.user.id) == [maria.user.id])
            #expect(try await auth.service.post(path + "/unlock", [:] as [String: String], headers: admin).status == 204)
            #expect(try await auth.login("maria@example.org").status == 200)
            let unlocked = try await auth.tap.first(AccountChanged.self) { $0.change == "unlocked" }
            #expect(unlocked.userID == maria.user.id && unlocked.after?.failedLoginAttempts == 0)
            #expect(unlocked.before?.failedLoginAttempts ?? 0 >= LockoutRule.tries)
            let ended = try await auth.service.post(path + "/sessions/revoke", [:] as [String: String], headers: admin)
            #expect(try ended.json(SessionRoutes.Ended.self).ended == 2)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(maria)).status == 401)
        }
    }

    @Test func `Accounts are found by what they are, in pages`() async throws {
        try await AuthTest.with { auth in
            let admin = auth.headers(try await auth.administrator("admin@example.org"))
            for name in ["adam", "anna", "bert"] { try await auth.register("\(name)@example.org") }
            _ = try await auth.sql("UPDATE users SET status = 'suspended', username = 'berti' WHERE email = 'bert@example.org'")
            func found(_ query: String) async throws -> [String] {
                try await auth.service.get("/v1/users?\(query)", headers: admin).json(Page<ManagedUser>.self).items.map(\.user.email)
            }
            #expect(try await found("status=suspended") == ["bert@example.org"])
            #expect(try await found("username=BER") == ["bert@example.org"])
            #expect(try await found("role=administrator") == ["admin@example.org"])
            _ = try await auth.sql("UPDATE users SET first_name = 'Özlem', last_name = 'Berg' WHERE email = 'bert@example.org'")
            for name in ["%C3%96zl", "ber"] { #expect(try await found("name=\(name)") == ["bert@example.org"]) }
            for (query, count) in [("name=mar", 3), ("name=erg", 0), ("locked=false", 4), ("locked=true", 0)] {
                #expect(try await found(query).count == count, "\(query)")
            }
            #expect(try await found("status=active&email=a&user_type=seeker") == ["adam@example.org", "admin@example.org", "anna@example.org"])
            let first: Page<ManagedUser> = try await auth.service.get("/v1/users?status=active&limit=2", headers: admin).json()
            #expect(try await found("status=active&limit=2&cursor=\(try #require(first.nextCursor))") == ["anna@example.org"])
            #expect(try await auth.service.get("/v1/users?status=gone", headers: admin).status == 422)
        }
    }
}
