import Foundation
import ServiceKit

/// Makes what a person gets for signing in.
struct TokenIssuer: Sendable {
    let keys: SigningKeyRing

    func signIn(_ credentials: Credentials, session: UUID, refreshToken: OpaqueToken) async throws -> SignIn {
        let key = try await keys.active()
        let token = try AccessToken.sign(AccessClaims(credentials.caller(in: session)), with: key.privateKey, keyID: key.id)
        return SignIn(accessToken: token, refreshToken: refreshToken.text, sessionID: session, user: credentials.user)
    }
}
