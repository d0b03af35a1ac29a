import Contracts
import Foundation
import ServiceKit

/// API keys from auth's own tables; that somebody asks about one means that it is in use.
struct KnownAPIKeys: APIKeySource {
    let keys: APIKeyStore
    let uses: APIKeyUses

    func apiKey(hash: Data) async throws -> APIKeySnapshot? {
        guard hash.count == 32, let key = try await keys.resolve(hash: hash) else { return nil }
        uses.note(key.keyID)
        return key
    }
}
