import Contracts
import Foundation
import Messaging

/// Asks `auth` over the broker. `auth` fills the cache again as it answers.
struct RemoteSessions: SessionSource {
    let requests: Requests

    func session(of userID: UUID, _ sessionID: UUID) async throws -> SessionSnapshot? {
        try await requests.ask(ResolveSession(userID: userID, sessionID: sessionID)).session
    }
}
