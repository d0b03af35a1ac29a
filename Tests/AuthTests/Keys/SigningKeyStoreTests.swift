import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct SigningKeyStoreTests {
    @Test func `Copies that start together make one key`() async throws {
        try await AuthTest.with { auth in
            let platform = auth.service.platform
            _ = try await auth.sql("DELETE FROM signing_keys")
            let ids = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await SigningKeyStore(platform.postgres, encryption: platform.encryption).keys().map(\.id)
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
            }
            #expect(ids.count == 1)
        }
    }

    @Test func `A rotation signs nobody out and is told to everybody`() async throws {
        try await AuthTest.with { auth in
            let before = try await auth.signedIn("maria@example.org")
            let platform = auth.service.platform
            let new = try await SigningKeyStore(platform.postgres, encryption: platform.encryption).rotate()
            #expect(try await auth.tap.first(SigningKeyRotated.self).keyID == new.id)
            let ring = SigningKeyRing(SigningKeyStore(platform.postgres, encryption: platform.encryption), logger: platform.logger)
            #expect(try await ring.active().id == new.id)
            #expect(try await ring.keys(fresh: false).keys.count == 2)
            #expect(try await auth.service.get("/v1/users/me", headers: auth.headers(before)).status == 200)
            _ = try await auth.sql("UPDATE signing_keys SET retires_at = now() WHERE retires_at IS NOT NULL")
            #expect(try await ring.keys(fresh: true).keys.keys.map { $0 } == [new.id])
        }
    }

    @Test func `A private key lies in the database sealed`() async throws {
        try await AuthTest.with { auth in
            let platform = auth.service.platform
            let key = try #require(try await SigningKeyStore(platform.postgres, encryption: platform.encryption).keys().first)
            let row = try #require(try await auth.sql("SELECT private_key_sealed FROM signing_keys").first)
            let sealed: Data = try row["private_key_sealed"]
            #expect(sealed.range(of: key.privateKey.rawRepresentation) == nil)
        }
    }
}
