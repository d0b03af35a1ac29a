import Contracts
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct KeyRotationTests {
    private static let old = "test:" + Data(repeating: 7, count: 32).base64EncodedString()
    private static let new = "2027:" + Data(repeating: 9, count: 32).base64EncodedString()

    @Test func `Everything is sealed anew while auth runs, resumably, and then the old key is in no table any more`() async throws {
        try await AuthTest.with { auth in
            let postgres = auth.service.platform.postgres
            let maria = try await auth.signedIn("maria@example.org")
            var headers = auth.headers(maria)
            headers.add(name: "Idempotency-Key", value: "once")
            let exported = try await auth.service.post("/v1/users/me/exports", [:] as [String: String], headers: headers)
            #expect(exported.status == 202)
            let signing = try #require(SealedColumn.of(.auth).first { $0.table == "signing_keys" })
            let answers = try #require(SealedColumn.of(.auth).first { $0.table == "idempotency_keys" })

            let rotation = KeyRotation(postgres, encryption: try Encryption(keys: "\(Self.new),\(Self.old)"), batch: 1)
            for column in [signing, answers] {
                #expect(try await rotation.keysInUse(column) == ["test": 1])
                let first = try await rotation.rotate(column)
                #expect(words(first) == "1 seen, 1 resealed, 0 unreadable")
                let second = try await rotation.rotate(column)
                #expect(words(second) == "1 seen, 0 resealed, 0 unreadable")
                #expect(try await rotation.keysInUse(column) == ["2027": 1])
            }
            // Without the old key everything is still there.
            let alone = try Encryption(keys: Self.new)
            let keys = try await SigningKeyStore(postgres, encryption: alone).keys()
            #expect(keys.count == 1)
            // Whoever has neither key changes nothing.
            let stranger = KeyRotation(postgres, encryption: try Encryption(keys: "x:" + Data(repeating: 1, count: 32).base64EncodedString()))
            #expect(words(try await stranger.rotate(signing)) == "1 seen, 0 resealed, 1 unreadable")
            #expect(try await rotation.keysInUse(signing) == ["2027": 1])
        }
    }

    /// Whatever is sealed got there by a request, so each column's context is the one that it is opened with.
    @Test func `Every sealed column of auth is sealed anew, none of it is unreadable, and with the old key first nothing is out of order`()
        async throws
    {
        try await StandInIssuer.serve { issuer in
            try await OAuthStage.with(settings: OAuthStage.settings(issuer: issuer.url)) { stage in
                let (auth, postgres) = (stage.auth, stage.auth.service.platform.postgres)
                let administrator = try await auth.administrator("root@example.org")
                let begun = try await stage.begin()
                try issuer.say(try OAuthTests.claims(issuer, begun))
                #expect(try await stage.callback(begun).status == 200)
                _ = try await stage.begin()
                let enrolled = try await FactorStage.enrol(
                    ["factor_type": "totp", "password": AuthTest.password], auth, auth.headers(administrator))
                #expect(enrolled.status == 201, "\(enrolled)")
                let setting = try await auth.service.post(
                    "/v1/configuration", SecretSetting(),
                    headers: auth.headers(administrator).merged(["Idempotency-Key": "rotate"]))
                #expect(setting.status == 201, "\(setting)")

                let both = try Encryption(keys: "\(Self.new),\(Self.old)")
                let rotation = KeyRotation(postgres, encryption: both)
                for column in SealedColumn.of(.auth) {
                    let progress = try await rotation.rotate(column)
                    #expect(progress.seen > 0 && progress.unreadable == 0, "\(column.table).\(column.column): \(words(progress))")
                    #expect(try await rotation.keysInUse(column).keys.filter { $0 != "2027" } == [], "\(column.table).\(column.column)")
                }
                // A copy that has both, the old one first, as in the first step of a rotation, reads all of it.
                let back = KeyRotation(postgres, encryption: try Encryption(keys: "\(Self.old),\(Self.new)"))
                for column in SealedColumn.of(.auth) {
                    let progress = try await back.rotate(column)
                    #expect(progress.resealed > 0 && progress.unreadable == 0, "\(column.table).\(column.column): \(words(progress))")
                }
            }
        }
    }

    private struct SecretSetting: Encodable {
        var key = "mail.api_key"
        var value = "sk_live_0123456789abcdef"
        var dataType = "string"
        var isSensitive = true
        enum CodingKeys: String, CodingKey {
            case key, value
            case dataType = "data_type"
            case isSensitive = "is_sensitive"
        }
    }

    private func words(_ progress: KeyRotation.Progress) -> String {
        "\(progress.seen) seen, \(progress.resealed) resealed, \(progress.unreadable) unreadable"
    }

    @Test func `A sealed text and sealed members of an object are resealed for their contexts`() throws {
        let (old, both, new) = (
            try Encryption(keys: Self.old), try Encryption(keys: "\(Self.new),\(Self.old)"), try Encryption(keys: Self.new)
        )
        let queue = SealedColumn.of(.campaigns)
        let token = try #require(queue.first { $0.column == "unsubscribe_token" })
        let stored = Data(Data(try old.seal("token", context: "campaigns.unsubscribe")).base64URL.utf8)
        let fresh = try #require(try token.resealed(stored, key: [], by: both))
        let opened = try #require(Data(base64URL: String(decoding: fresh, as: UTF8.self)))
        #expect(try new.openString(Array(opened), context: "campaigns.unsubscribe") == "token")
        #expect(try token.resealed(fresh, key: [], by: both) == nil)

        let members = try #require(queue.first { $0.column == "sealed_data" })
        let object = [
            "link": Data(try old.seal("https://x", context: "campaigns.email.link")).base64EncodedString(),
            "code": Data(try both.seal("123456", context: "campaigns.email.code")).base64EncodedString(),
        ]
        let renewed = try #require(try members.resealed(JSONEncoder.hearth.encode(object), key: [], by: both))
        let values = try JSONDecoder.hearth.decode([String: String].self, from: renewed)
        #expect(values["code"] == object["code"])
        let link = try #require(values["link"].flatMap { Data(base64Encoded: $0) })
        #expect(try new.openString(Array(link), context: "campaigns.email.link") == "https://x")
    }

    @Test func `A code that was sent before another key became the first is good still`() throws {
        let (old, both) = (try Encryption(keys: Self.old), try Encryption(keys: "\(Self.new),\(Self.old)"))
        let (code, challenge) = (SentCode(text: "123456"), UUID())
        let sent = try code.hash(for: challenge, old)
        #expect(try code.hash(for: challenge, both) != sent)
        #expect(code.hashes(for: challenge, both).contains(sent))
        #expect(try code.hashes(for: challenge, both).contains(code.hash(for: challenge, both)))
        #expect(!SentCode(text: "123457").hashes(for: challenge, both).contains(sent) && !code.hashes(for: UUID(), both).contains(sent))
    }

    @Test func `A request that is repeated after another key became the first is known still`() throws {
        let (old, both) = (try Encryption(keys: Self.old), try Encryption(keys: "\(Self.new),\(Self.old)"))
        let fingerprint = try old.fingerprint("POST /x", context: "c")
        #expect(try both.fingerprint("POST /x", context: "c") != fingerprint)
        #expect(both.isFingerprint(fingerprint, of: "POST /x", context: "c"))
        #expect(!both.isFingerprint(fingerprint, of: "POST /y", context: "c") && !both.isFingerprint(fingerprint, of: "POST /x", context: "d"))
    }
}
