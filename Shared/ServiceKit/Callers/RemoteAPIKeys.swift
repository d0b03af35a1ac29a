import Contracts
import Foundation
import Messaging

/// Asks `auth` over the broker, by the key's hash: no queue sees a key.
struct RemoteAPIKeys: APIKeySource {
    let requests: Requests

    func apiKey(hash: Data) async throws -> APIKeySnapshot? {
        try await requests.ask(ResolveAPIKey(keyHash: hash.base64URL)).key
    }
}
