import Contracts
import Foundation
import HTTPTypes
import Logging
import Messaging
import Postgres
import Redis
import ServiceLifecycle
import Synchronization

/// Turns `Authorization: Bearer` into a caller.
///
/// A token is checked in full at first sight (signature, claims, then `session:{user_id}:{session_id}` in Redis, then a question to `auth` when
/// that is missing) and remembered until it ends; `auth.session.revoked.v1` makes every copy of every service forget it within a second.
///
/// What holds when something is away:
/// - Redis: `auth` is asked at first sight; what is remembered stays good, as revocations still arrive.
/// - The broker: revocations do not arrive, so Redis is asked at every request until it is back, and then everything remembered is
///   checked anew once. A session that Redis does not have is refused with 503, as nobody can tell whether it stands.
/// - Both: what is remembered goes on until its token ends (15 minutes at most): a session revoked meanwhile lasts as long. This is
///   the only such window. What is not remembered is refused with 503.
///
/// In `auth` itself keys and sessions come from its own database (`use(keys:sessions:)`), which takes the place of the question.
public final class Authenticator: Service {
    private struct Sources {
        var keys: any SigningKeySource
        var sessions: any SessionSource
    }

    private let redis: Redis
    private let broker: Broker
    private let broadcasts: Broadcasts
    private let logger: Logger
    private let keyring = SigningKeyring()
    private let cache = SessionCache()
    private let sources: Mutex<Sources>
    private let hearsRevocations = Atomic(false)
    private let watchers = Mutex<[@Sendable (UUID) -> Void]>([])

    init(redis: Redis, broker: Broker, broadcasts: Broadcasts, requests: Requests, logger: Logger) {
        self.redis = redis
        self.broker = broker
        self.broadcasts = broadcasts
        self.logger = logger
        sources = Mutex(Sources(keys: RemoteSigningKeys(requests: requests, redis: redis), sessions: RemoteSessions(requests: requests)))
    }

    /// Takes keys and sessions from elsewhere than the broker: `auth` does, from its own tables. Call it in `build`.
    public func use(keys: any SigningKeySource, sessions: any SessionSource) {
        sources.withLock { $0 = Sources(keys: keys, sessions: sessions) }
    }

    /// Hears of ended sessions and rotated keys.
    func listen() {
        broadcasts.on(SessionRevoked.self) { [self] event, _ in end(event.sessionID) }
        broadcasts.on(SigningKeyRotated.self) { [keyring] _, _ in keyring.invalidate() }
    }

    /// Calls `body` with each session that ends, for what outlives a request, such as a live stream. Call it in `build`.
    public func onSessionEnded(_ body: @escaping @Sendable (UUID) -> Void) {
        watchers.withLock { $0.append(body) }
    }

    /// Refuses a session in this process from now on. `auth` calls it in the copy that ends one, so that its own next answer is right.
    public func end(_ sessionID: UUID) {
        cache.end(sessionID, at: Self.now)
        for watcher in watchers.withLock({ $0 }) { watcher(sessionID) }
    }

    /// Watches whether this copy hears revocations, as long as the process runs.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            for await isConnected in self.broker.connectivity() {
                self.hearsRevocations.store(false, ordering: .relaxed)
                guard isConnected else { continue }
                try await self.waitUntilSubscribed()
                // What ended while nobody listened is found out as each token is checked anew.
                self.cache.forgetAll()
                self.hearsRevocations.store(self.broker.isConnected, ordering: .relaxed)
            }
        }
    }

    /// The queue of this copy is declared a moment after the connection stands.
    private func waitUntilSubscribed() async throws {
        while broker.isConnected, !broadcasts.isSubscribed { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// The caller of a request; nil when it carries no token. Throws `APIError`: 401 for a token that is not valid or whose session has
    /// ended, 503 when that cannot be told.
    func caller(of headers: HTTPFields) async throws -> Caller? {
        guard let authorization = headers[.authorization] else { return nil }
        return try await caller(authorization: authorization)
    }

    /// The same from the header's value.
    public func caller(authorization: String) async throws -> Caller {
        let now = Self.now
        if let caller = cache.caller(of: authorization, at: now) {
            if hearsRevocations.load(ordering: .relaxed) { return caller }
            return try await recheck(caller)
        }
        let epoch = cache.epoch
        guard let token = Self.bearer(authorization).flatMap(AccessToken.init) else { throw APIError.invalidToken }
        let sources = sources.withLock { $0 }
        guard let key = try await key(token.keyID, sources), let claims = token.claims(verifiedBy: key, at: Date()) else {
            throw APIError.invalidToken
        }
        guard !cache.hasEnded(claims.sessionID), let session = try await session(claims.userID, claims.sessionID, sources) else {
            throw APIError.sessionEnded
        }
        let caller = Caller(
            userID: claims.userID, sessionID: claims.sessionID, role: claims.role, agencies: claims.agencies,
            permissions: session.permissions, emailVerified: claims.emailVerified,
            tokenExpiresAt: Date(timeIntervalSince1970: Double(claims.expiresAt)))
        cache.remember(caller, for: authorization, until: claims.expiresAt, epoch: epoch, at: now)
        return caller
    }

    private func key(_ id: String, _ sources: Sources) async throws -> SigningKeyring.Key? {
        do {
            return try await keyring.key(id, from: sources.keys)
        } catch {
            logger.warning("Signing keys cannot be had", metadata: ["error": "\(error)"])
            throw APIError.unavailable("Your access cannot be checked right now.")
        }
    }

    private func session(_ userID: UUID, _ sessionID: UUID, _ sources: Sources) async throws -> SessionSnapshot? {
        let cached = try? await redis.get(SessionSnapshot.key(user: userID, session: sessionID))
        if let cached, let session = try? JSONDecoder.hearth.decode(SessionSnapshot.self, from: Data(cached)) {
            return session.expiresAt > Date() ? session : nil
        }
        do {
            return try await sources.sessions.session(of: userID, sessionID)
        } catch {
            logger.warning("A session cannot be looked up", metadata: ["error": "\(error)"])
            throw APIError.unavailable("Your access cannot be checked right now.")
        }
    }

    /// While revocations cannot be heard.
    private func recheck(_ caller: Caller) async throws -> Caller {
        let cached: [UInt8]?
        do {
            cached = try await redis.get(SessionSnapshot.key(user: caller.userID, session: caller.sessionID))
        } catch {
            return caller
        }
        if cached != nil { return caller }
        guard try await session(caller.userID, caller.sessionID, sources.withLock { $0 }) != nil else {
            end(caller.sessionID)
            throw APIError.sessionEnded
        }
        return caller
    }

    private static func bearer(_ authorization: String) -> String? {
        let scheme = "bearer "
        guard authorization.utf8.count > scheme.utf8.count, authorization.prefix(scheme.count).lowercased() == scheme else { return nil }
        return String(authorization.dropFirst(scheme.count))
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
