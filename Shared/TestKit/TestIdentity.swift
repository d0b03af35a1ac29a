import Contracts
import Crypto
import Foundation
import Postgres
import Redis
import ServiceKit

/// Signs tokens for any caller with a key of the test's own and puts the session where services look for it, as `auth` does at a sign-in.
public struct TestIdentity: SigningKeySource, SessionSource, APIKeySource {
    private static let keyID = "test"
    private let key = Curve25519.Signing.PrivateKey()
    private let redis: Redis
    private let apiKeys = TestAPIKeys()

    public init(redis: Redis) {
        self.redis = redis
    }

    /// An access token, with the caller's session in Redis.
    public func token(for caller: Caller, lifetime: Duration = AccessClaims.lifetime) async throws -> String {
        let snapshot = SessionSnapshot(
            userID: caller.userID, sessionID: caller.sessionID, permissions: caller.permissions, locale: "de-DE", timezone: "Europe/Berlin",
            expiresAt: Date().addingTimeInterval(86400), mfaEnabled: caller.hasSecondFactor, secondFactorAt: caller.secondFactorAt)
        try await redis.set(
            SessionSnapshot.key(user: caller.userID, session: caller.sessionID), Array(try JSONEncoder.hearth.encode(snapshot)),
            expires: .seconds(86400))
        return try sign(AccessClaims(caller, lifetime: lifetime))
    }

    /// An API key that acts for the caller, with these scopes and no others.
    public func apiKey(for caller: Caller, scopes: Set<Permission>) -> String {
        let memberships = caller.agencies.map { AgencyMembershipSnapshot(agencyID: $0.agencyID, role: $0.role.rawValue, permissions: []) }
        return apiKeys.add(
            APIKeySnapshot(
                keyID: .v7(), userID: caller.userID, scopes: scopes.map(\.rawValue), memberships: memberships, emailVerified: caller.emailVerified,
                expiresAt: nil))
    }

    /// The id of a key that was made here.
    public func keyID(of key: String) -> UUID? { APIKeySecret(key).flatMap { apiKeys.find($0.hash)?.keyID } }

    /// From now on a key that was made here is none; whoever remembers it is not told.
    public func end(apiKey key: String) { if let secret = APIKeySecret(key) { apiKeys.remove(secret.hash) } }

    /// A token of these very claims, without a session.
    public func sign(_ claims: AccessClaims) throws -> String {
        try AccessToken.sign(claims, with: key, keyID: Self.keyID)
    }

    public func keys(fresh: Bool) async throws -> SigningKeySet {
        SigningKeySet([Self.keyID: key.publicKey])
    }

    /// A session that Redis does not have is over.
    public func session(of userID: UUID, _ sessionID: UUID) async throws -> SessionSnapshot? { nil }

    /// A key that was not made here is none.
    public func apiKey(hash: Data) async throws -> APIKeySnapshot? { apiKeys.find(hash) }
}

extension Caller {
    /// Somebody with an id and a session of their own.
    public static func test(
        role: PlatformRole = .user, agencies: [AgencyMembership] = [], permissions: [String] = [], emailVerified: Bool = true
    ) -> Caller {
        Caller(userID: .v7(), sessionID: .v7(), role: role, agencies: agencies, permissions: permissions, emailVerified: emailVerified)
    }
}
