import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct AvatarTests {
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array("what follows a signature".utf8)
    private static let webp: [UInt8] = Array("RIFF".utf8) + [24, 0, 0, 0] + Array("WEBPVP8 and so on".utf8)

    private func put(_ bytes: [UInt8], _ type: String, _ auth: AuthTest, _ who: SignIn) async throws -> TestResponse {
        try await auth.service.request(.PUT, "/v1/users/me/avatar", body: bytes, headers: auth.headers(who).merged(["Content-Type": type]))
    }

    private func path(_ user: User) throws -> String {
        let url = try #require(user.avatarURL)
        return try #require(URL(string: url)).path
    }

    @Test func `A picture is at the address that the account names, for everybody, and each new one at another`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let first: User = try await put(Self.png, "image/png", auth, maria).json()
            let shown = try await auth.service.get(try path(first))
            #expect(shown.status == 200 && shown.body == Self.png && shown.headers.first(name: "Content-Type") == "image/png")
            #expect(shown.headers.first(name: "X-Content-Type-Options") == "nosniff")
            #expect(shown.headers.first(name: "Content-Security-Policy") == "sandbox; default-src 'none'")
            let second: User = try await put(Self.webp, "image/webp", auth, maria).json()
            #expect(second.version == first.version + 1)
            #expect(try await auth.service.get(try path(first)).status == 404)
            #expect(try await auth.service.get(try path(second)).body == Self.webp)
            #expect(try await auth.service.delete("/v1/users/me/avatar", headers: auth.headers(maria)).status == 204)
            #expect(try await auth.service.delete("/v1/users/me/avatar", headers: auth.headers(maria)).status == 404)
            #expect(try await auth.service.get(try path(second)).status == 404)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(maria)).json(User.self).avatarURL == nil)
        }
    }

    @Test func `A picture elsewhere takes the place of the one that was put here`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            let user: User = try await put(Self.png, "image/png", auth, maria).json()
            let patched = try await auth.service.patch(
                "/v1/users/me", ["avatar_url": "https://pictures.example/maria.png"], headers: auth.headers(maria))
            #expect(patched.status == 200)
            #expect(try await auth.service.get(try path(user)).status == 404)
            #expect(try await auth.sql("SELECT 1 AS one FROM user_avatars").isEmpty)
        }
    }

    @Test func `What is no picture, of another kind or too large is refused`() async throws {
        try await AuthTest.with { auth in
            let maria = try await auth.signedIn("maria@example.org")
            #expect(try await put(Array("<svg/>".utf8), "image/svg+xml", auth, maria).status == 415)
            #expect(try await put(Array("<script>".utf8), "image/png", auth, maria).status == 422)
            #expect(try await put(Self.png, "image/jpeg", auth, maria).status == 422)
            #expect(try await put([], "image/png", auth, maria).status == 422)
            #expect(try await put(Self.png + [UInt8](repeating: 0, count: Avatar.maximumBytes), "image/png", auth, maria).status == 413)
            #expect(try await auth.sql("SELECT 1 AS one FROM user_avatars").isEmpty)
        }
    }
}
