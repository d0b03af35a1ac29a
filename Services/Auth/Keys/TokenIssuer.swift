import Foundation
import ServiceKit

/// Makes what a person gets for signing in.
struct TokenIssuer: Sendable {
    let keys: SigningKeyRing

    func signIn(_ credentials: Credentials, session: UUID, _ proof: SessionProof, refreshToken: OpaqueToken) async throws -> SignIn {
        let token = try await accessToken(credentials, session: session, proof)
        return SignIn(accessToken: token, refreshToken: refreshToken.text, sessionID: session, user: credentials.user)
    }

    func accessToken(_ credentials: Credentials, session: UUID, _ proof: SessionProof) async throws -> String {
        let key = try await keys.active()
        var claims = AccessClaims(credentials.caller(in: session, proof))
        claims.methods = proof.methods
        claims.authenticatedAt = Int64(proof.authenticatedAt.timeIntervalSince1970)
        return try AccessToken.sign(claims, with: key.privateKey, keyID: key.id)
    }
}
