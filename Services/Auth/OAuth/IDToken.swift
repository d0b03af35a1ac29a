import Foundation
import JWTKit

/// An id_token (OpenID Connect Core 1.0, § 2), its signature verified by the library.
struct IDToken: JWTPayload {
    /// RFC 8725 § 3.1: nothing else is taken, whatever a key would verify; never `none`, never a shared secret.
    static let algorithms: Set<String> = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]

    var issuer: String
    var audience: AudienceClaim
    var authorizedParty: String?
    var expiresAt: ExpirationClaim
    var issuedAt: IssuedAtClaim
    var nonce: String?
    /// Microsoft's, whose issuer has a name for each tenant.
    var tenant: String?
    var person: PersonClaims

    private enum CodingKeys: String, CodingKey {
        case iss, aud, azp, exp, iat, nonce, tid
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        issuer = try container.decode(String.self, forKey: .iss)
        audience = try container.decode(AudienceClaim.self, forKey: .aud)
        authorizedParty = try container.decodeIfPresent(String.self, forKey: .azp)
        expiresAt = try container.decode(ExpirationClaim.self, forKey: .exp)
        issuedAt = try container.decode(IssuedAtClaim.self, forKey: .iat)
        nonce = try container.decodeIfPresent(String.self, forKey: .nonce)
        tenant = try container.decodeIfPresent(String.self, forKey: .tid)
        person = try PersonClaims(from: decoder)
    }

    /// It is only read.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(issuer, forKey: .iss)
    }

    func verify(using algorithm: some JWTAlgorithm) throws {
        try expiresAt.verifyNotExpired()
    }

    /// § 3.1.3.7. Throws `OAuthFailure`.
    func check(issuer expected: String, client: String, nonce asked: String, at now: Date = Date()) throws(OAuthFailure) {
        guard issuer == expected.replacing("{tenantid}", with: tenant ?? "") else { throw OAuthFailure("the id_token is another issuer's") }
        guard audience.value.contains(client) else { throw OAuthFailure("the id_token is for somebody else") }
        guard audience.value.count == 1 || authorizedParty == client, authorizedParty == nil || authorizedParty == client else {
            throw OAuthFailure("the id_token was made for somebody else")
        }
        guard nonce == asked else { throw OAuthFailure("the id_token is of another attempt") }
        guard expiresAt.value > now, issuedAt.value < now.addingTimeInterval(300) else { throw OAuthFailure("the id_token has expired") }
    }
}
