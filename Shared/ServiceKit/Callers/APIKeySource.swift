import Contracts
import Foundation

/// Who knows what an API key may do: `auth`'s own database, or a question to `auth`.
public protocol APIKeySource: Sendable {
    /// Nil when there is no such key, it was revoked or has expired, or its owner may not sign in. Throws when nobody can tell right now.
    func apiKey(hash: Data) async throws -> APIKeySnapshot?
}
