import ClientKit
import Crypto
import Foundation
import Postgres
import Testing

@testable import Demo
@testable import ServiceKit

/// What a forger, a thief and a fool would send in `Authorization`.
struct ForgedToken: Sendable {
    var name: String
    var authorization: String

    private init(_ name: String, _ token: String) {
        self.name = name
        authorization = "Bearer " + token
    }

    private init(_ name: String, authorization: String) {
        self.name = name
        self.authorization = authorization
    }

    static func all(from person: Person) async throws -> [ForgedToken] {
        let token = try #require(person.client.token)
        let key = try await signingKey()
        return try damaged(token, key) + resigned(claims(of: person), key) + rightlySigned(claims(of: person), key)
            + [
                ForgedToken("Basic", authorization: "Basic YTpi"), ForgedToken("no scheme", authorization: token),
                ForgedToken("another scheme", authorization: "DPoP " + token),
            ]
    }

    /// Made out of a real one.
    private static func damaged(_ token: String, _ key: SigningKey) -> [ForgedToken] {
        let parts = token.split(separator: ".").map(String.init)
        let header = text(#"{"alg":"HS256","typ":"JWT","kid":"\#(key.id)"}"#)
        let signed = header + "." + parts[1]
        let publicKey = SymmetricKey(data: key.privateKey.publicKey.rawRepresentation)
        let code = Data(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: publicKey)).base64URL
        let odd = text(#"{"alg":"None","typ":"JWT","kid":"\#(key.id)"}"#)
        return [
            ForgedToken("HS256 with the public key", signed + "." + code),
            ForgedToken("alg none", text(#"{"alg":"none","typ":"JWT"}"#) + "." + parts[1] + "."),
            ForgedToken("alg None and a signature", odd + "." + parts[1] + "." + parts[2]),
            ForgedToken("more rights in it", parts[0] + "." + text(#"{"role":"administrator"}"#) + "." + parts[2]),
            ForgedToken("no signature", parts[0] + "." + parts[1] + "."), ForgedToken("a part too many", token + ".x"),
            ForgedToken("half of it", String(token.prefix(token.count / 2))), ForgedToken("nothing", ""),
            ForgedToken("6 KB", String(repeating: "a", count: 6000)),
        ]
    }

    /// Its claims, signed by a key of the forger's own.
    private static func resigned(_ claims: AccessClaims, _ key: SigningKey) throws -> [ForgedToken] {
        let forger = Curve25519.Signing.PrivateKey()
        return try [("signed by another key", key.id), ("an unknown key", "unknown"), ("a key that is a path", "../../dev/null")]
            .map { ForgedToken($0.0, try AccessToken.sign(claims, with: forger, keyID: $0.1)) }
    }

    /// Signed by the very key of the system: all that is wrong is what it says.
    private static func rightlySigned(_ claims: AccessClaims, _ key: SigningKey) throws -> [ForgedToken] {
        let now = Int64(Date().timeIntervalSince1970)
        var (expired, future, lasting, foreign, elsewhere, unknown, nobody) = (claims, claims, claims, claims, claims, claims, claims)
        (expired.issuedAt, expired.expiresAt) = (now - 1000, now - 100)
        (future.issuedAt, future.expiresAt) = (now + 3600, now + 4500)
        lasting.expiresAt = now + 100_000_000
        foreign.issuer = "elsewhere"
        elsewhere.audience = "elsewhere"
        unknown.sessionID = .v7()
        nobody.userID = .v7()
        let wrong = [
            ("expired", expired), ("of the future", future), ("good for years", lasting), ("of another issuer", foreign),
            ("for another audience", elsewhere),
            ("of a session that never was", unknown), ("of a user who never was", nobody),
        ]
        return try wrong.map { ForgedToken($0.0, try AccessToken.sign($0.1, with: key.privateKey, keyID: key.id)) }
    }

    /// Signed by the system's key, as `auth` would.
    static func signed(_ claims: AccessClaims, _ change: (inout AccessClaims) -> Void) async throws -> String {
        var claims = claims
        change(&claims)
        let key = try await signingKey()
        return try AccessToken.sign(claims, with: key.privateKey, keyID: key.id)
    }

    static func claims(of person: Person) throws -> AccessClaims {
        guard let part = person.client.token?.split(separator: ".").dropFirst().first, let data = Data(base64URL: part) else {
            throw StepFailure("The access token has no claims.")
        }
        return try JSONDecoder().decode(AccessClaims.self, from: data)
    }

    private static func signingKey() async throws -> SigningKey {
        let file = try #require(RunningSystem.environment["HEARTH_SECRETS_PATH"]) + "/encryption_keys"
        let encryption = try Encryption(keys: String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines))
        let sealed = try await RunningSystem.database {
            try await $0.value("SELECT private_key_sealed FROM auth.signing_keys WHERE retires_at IS NULL", as: Data.self)
        }
        let raw = try encryption.open(Array(#require(sealed)), context: SigningKeyStore.context)
        return SigningKey(
            privateKey: try Curve25519.Signing.PrivateKey(rawRepresentation: raw), createdAt: Date(), activatedAt: Date(), retiresAt: nil)
    }

    private static func text(_ json: String) -> String { Data(json.utf8).base64URL }
}
