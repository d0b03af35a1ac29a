import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct UserTests {
    @Test func `A change of the profile is guarded by its version and told to the others`() async throws {
        try await AuthTest.with { auth in
            let headers = auth.headers(try await auth.signedIn("maria@example.org"))
            let me = try await auth.service.get("/v1/users/me", headers: headers)
            let tag = try #require(me.headers.first(name: "ETag"))
            var guarded = headers
            guarded.add(name: "If-Match", value: tag)
            let changed = try await auth.service.patch("/v1/users/me", ["locale": "en-GB", "bio": "Hello"], headers: guarded)
            let user: User = try changed.json()
            #expect(user.locale == "en-GB" && user.bio == "Hello" && changed.headers.first(name: "ETag") == "\"\(user.version)\"")
            let stale = try await auth.service.patch("/v1/users/me", ["bio": "Stale"], headers: guarded)
            #expect(stale.status == 412)
            let event = try await auth.tap.first(UserUpdated.self)
            #expect(event.user.locale == "en-GB" && event.aggregateVersion == user.version)
        }
    }

    @Test func `Signing in does not change the version`() async throws {
        try await AuthTest.with { auth in
            let first = try await auth.signedIn("maria@example.org")
            let second: SignIn = try await auth.login("maria@example.org").json()
            #expect(first.user.version == second.user.version && first.user.updatedAt == second.user.updatedAt)
        }
    }

    @Test func `Two people cannot have one user name`() async throws {
        try await AuthTest.with { auth in
            let maria = auth.headers(try await auth.signedIn("maria@example.org"))
            let paul = auth.headers(try await auth.signedIn("paul@example.org"))
            #expect(try await auth.service.patch("/v1/users/me", ["username": "keller"], headers: maria).status == 200)
            let taken = try await auth.service.patch("/v1/users/me", ["username": "keller"], headers: paul)
            #expect(taken.status == 409 && taken.problem == "username-taken")
        }
    }

    @Test func `Nobody makes themselves an administrator`() async throws {
        try await AuthTest.with { auth in
            let headers = auth.headers(try await auth.signedIn("maria@example.org"))
            let answer = try await auth.service.patch("/v1/users/me", ["role": "administrator", "status": "active"], headers: headers)
            #expect(try answer.json(User.self).role == .user)
        }
    }

    @Test func `Deleting needs the password, ends everything and frees the address`() async throws {
        try await AuthTest.with { auth in
            let signIn = try await auth.signedIn("maria@example.org")
            let headers = auth.headers(signIn)
            let body = { (password: String) in Array(#"{"password":"\#(password)"}"#.utf8) }
            var json = headers
            json.add(name: "Content-Type", value: "application/json")
            #expect(try await auth.service.request(.DELETE, "/v1/users/me", body: body("not the password"), headers: json).status == 422)
            #expect(try await auth.service.request(.DELETE, "/v1/users/me", body: body(AuthTest.password), headers: json).status == 202)
            #expect(try await auth.service.get("/v1/users/me", headers: headers).status == 401)
            #expect(try await auth.login("maria@example.org").status == 401)
            let event = try await auth.tap.first(UserDeleted.self)
            #expect(event.userID == signIn.user.id && event.version > signIn.user.version)
            let again = try await auth.signedIn("maria@example.org")
            #expect(again.user.id != signIn.user.id)
        }
    }

    @Test func `Only administrators see the list, in pages and by the beginning of an address`() async throws {
        try await AuthTest.with { auth in
            for name in ["adam", "anna", "bert"] { try await auth.register("\(name)@example.org") }
            #expect(try await auth.service.get("/v1/users", headers: auth.headers(try await auth.signedIn("carl@example.org"))).status == 403)
            #expect(try await auth.service.get("/v1/users").status == 401)
            _ = try await auth.sql("UPDATE users SET role = 'administrator' WHERE email = 'carl@example.org'")
            let headers = auth.headers(try await auth.login("carl@example.org").json())
            let first: Page<ManagedUser> = try await auth.service.get("/v1/users?limit=2", headers: headers).json()
            #expect(first.items.map(\.user.email) == ["adam@example.org", "anna@example.org"])
            let cursor = try #require(first.nextCursor)
            let second: Page<ManagedUser> = try await auth.service.get("/v1/users?limit=2&cursor=\(cursor)", headers: headers).json()
            #expect(second.items.map(\.user.email) == ["bert@example.org", "carl@example.org"] && second.nextCursor == nil)
            let found: Page<ManagedUser> = try await auth.service.get("/v1/users?email=AN", headers: headers).json()
            #expect(found.items.map(\.user.email) == ["anna@example.org"])
        }
    }
}
