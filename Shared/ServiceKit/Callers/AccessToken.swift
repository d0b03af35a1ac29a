import Crypto
import Foundation

/// A compact JWS (RFC 7515) signed with EdDSA over Ed25519 (RFC 8037), and nothing else: no other algorithm, no `none`, no `crit`, no
/// key in the header. The strictness is the reason why it is read by hand.
public struct AccessToken: Sendable {
    /// Longer tokens are refused unread.
    static let maximumLength = 4096

    struct Header: Codable {
        var algorithm: String
        var keyID: String
        var type: String?
        var critical: [String]?

        enum CodingKeys: String, CodingKey {
            case algorithm = "alg"
            case keyID = "kid"
            case type = "typ"
            case critical = "crit"
        }
    }

    let keyID: String
    private let signed: [UInt8]
    private let signature: Data
    private let payload: Data

    /// Reads a token without believing it. Nil when it is not of the one form that is taken.
    init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Data(base64URL: parts[0]), let payload = Data(base64URL: parts[1]),
            let signature = Data(base64URL: parts[2]), signature.count == 64,
            let header = try? JSONDecoder().decode(Header.self, from: head),
            header.algorithm == "EdDSA", header.type?.uppercased() ?? "JWT" == "JWT", header.critical == nil
        else { return nil }
        keyID = header.keyID
        self.signature = signature
        self.payload = payload
        signed = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    /// The claims, when the signature is the key's and the claims make sense at that time; nil otherwise.
    func claims(verifiedBy key: Curve25519.Signing.PublicKey, at date: Date) -> AccessClaims? {
        guard key.isValidSignature(signature, for: signed), let claims = try? JSONDecoder().decode(AccessClaims.self, from: payload) else {
            return nil
        }
        let now = Int64(date.timeIntervalSince1970)
        let leeway: Int64 = 60
        guard claims.issuer == AccessClaims.issuer, claims.audience == AccessClaims.audience, claims.expiresAt > now,
            claims.issuedAt <= now + leeway,
            claims.expiresAt - claims.issuedAt <= AccessClaims.lifetime.components.seconds
        else { return nil }
        return claims
    }

    /// Makes a token. Only `auth` has the private key (and tests have their own).
    public static func sign(_ claims: AccessClaims, with key: Curve25519.Signing.PrivateKey, keyID: String) throws -> String {
        let encoder = JSONEncoder.hearth
        let header = try encoder.encode(Header(algorithm: "EdDSA", keyID: keyID, type: "JWT"))
        let signed = header.base64URL + "." + (try encoder.encode(claims)).base64URL
        return signed + "." + (try key.signature(for: Array(signed.utf8))).base64URL
    }
}
