import Contracts
import Messaging
import Redis

/// Asks `auth` for its keys over the broker and keeps the answer in Redis for an hour (`jwks`), so that a service that starts while `auth`
/// does not run can still verify.
struct RemoteSigningKeys: SigningKeySource {
    private static let cacheKey = "jwks"

    let requests: Requests
    let redis: Redis

    func keys(fresh: Bool) async throws -> SigningKeySet {
        if !fresh, let cached = try? await redis.get(Self.cacheKey), let keys = try? SigningKeySet(jwks: String(decoding: cached, as: UTF8.self)) {
            return keys
        }
        let answer = try await requests.ask(ListSigningKeys())
        let keys = try SigningKeySet(jwks: answer.jwks)
        // Redis away: the next process asks again.
        try? await redis.set(Self.cacheKey, Array(answer.jwks.utf8), expires: .seconds(3600))
        return keys
    }
}
