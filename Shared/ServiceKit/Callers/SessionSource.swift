import Contracts
import Foundation

/// Who knows whether a session stands when Redis does not: `auth`'s own database, or a question to `auth`.
public protocol SessionSource: Sendable {
    /// Nil when the session has ended or never was. Throws when nobody can tell right now.
    func session(of userID: UUID, _ sessionID: UUID) async throws -> SessionSnapshot?
}
