import Contracts
import Foundation
import Postgres
import Redis
import ServiceKit

/// `session:{user_id}:{session_id}`: a copy of what the database knows, for services that meet a token.
struct SessionCache: Sendable {
    let cache: Cache
    let sessions: SessionStore
    let authenticator: Authenticator

    /// What the database knows of a session, which is cached on the way. It is read again after it was cached: a session that ended in between must not
    /// come to life again in the cache, and rights that were taken in between must not stay there.
    func resolve(_ session: UUID, user: UUID) async throws -> SessionSnapshot? {
        guard let snapshot = try await sessions.snapshot(of: session, user: user) else { return nil }
        await put(snapshot)
        guard let now = try await sessions.snapshot(of: session, user: user) else {
            await forget([session], of: user)
            return nil
        }
        if now != snapshot { await cache.remove(SessionSnapshot.key(user: user, session: session)) }
        return now
    }

    /// In the form in which every other service reads it, and not in the cache's own.
    func put(_ snapshot: SessionSnapshot) async {
        let key = SessionSnapshot.key(user: snapshot.userID, session: snapshot.sessionID)
        guard let bytes = try? JSONEncoder.hearth.encode(snapshot) else { return await cache.remove(key) }
        await cache.set(key, Array(bytes), ttl: Lifetimes.cachedSession)
    }

    /// Forgets what somebody might do until now, here and in Redis; the other copies hear of it by event.
    func forgetRights(of user: UUID) async throws {
        authenticator.forget(user: user)
        await cache.remove(try await sessions.living(of: user).map { SessionSnapshot.key(user: user, session: $0) })
    }

    /// Forgets ended sessions here and in Redis; the other copies hear of it by event.
    func forget(_ ended: [UUID], of user: UUID) async {
        ended.forEach(authenticator.end)
        await cache.remove(ended.map { SessionSnapshot.key(user: user, session: $0) })
    }
}

extension SessionCache: SessionSource {
    func session(of userID: UUID, _ sessionID: UUID) async throws -> SessionSnapshot? {
        try await resolve(sessionID, user: userID)
    }
}
