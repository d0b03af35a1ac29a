import Contracts
import Foundation
import HTTPTypes
import Logging
import Messaging
import Postgres
import Redis
import ServiceLifecycle
import Synchronization

/// Turns `Authorization: Bearer` (an access token or an API key) or `X-API-Key` into a caller.
///
/// A token is checked in full at first sight (signature, claims, then `session:{user_id}:{session_id}` in Redis, then a question to `auth` when
/// that is missing) and remembered until it ends; `auth.session.revoked.v1` makes every copy of every service forget it within a second.
/// What its holder may do is what the session says: after `auth.membership.changed.v1` every copy asks `auth` anew, whatever Redis still holds.
/// An API key is asked of `auth` at first sight, remembered for five minutes, and forgotten at `auth.api_key.revoked.v1`
/// and when another one takes its place.
///
/// What holds when something is away:
/// - Redis: `auth` is asked at first sight; what is remembered stays good, as revocations still arrive.
/// - The broker: revocations do not arrive, so Redis is asked at every request until it is back, and then everything remembered is
///   checked anew once. A session that Redis does not have is refused with 503, as nobody can tell whether it stands.
/// - Both: what is remembered goes on until its token ends (15 minutes at most): a session revoked meanwhile lasts as long. This is
///   the only such window. What is not remembered is refused with 503.
/// - The broker, and API keys: they are not in Redis, so one that was asked about goes on for the rest of its five minutes and is then refused with 503.
///
/// In `auth` itself keys and sessions come from its own database (`use(keys:sessions:)`), which takes the place of the question.
public final class Authenticator: Service {
    private struct Sources {
        var keys: any SigningKeySource
        var sessions: any SessionSource
        var apiKeys: any APIKeySource
    }

    /// Seconds for which what `auth` said of an API key is good.
    private static let keyLifetime: Int64 = 300
    /// So many API keys are asked about at once: made-up ones must not crowd out the questions about sessions.
    private static let mostKeyQuestions = 32

    private let redis: Redis
    private let broker: Broker
    private let broadcasts: Broadcasts
    private let logger: Logger
    private let keyring = SigningKeyring()
    private let cache = SessionCache()
    private let sources: Mutex<Sources>
    private let keyQuestions = Atomic(0)
    private let hearsRevocations = Atomic(false)
    private let watchers = Mutex<[@Sendable (UUID) -> Void]>([])

    init(redis: Redis, broker: Broker, broadcasts: Broadcasts, requests: Requests, logger: Logger) {
        self.redis = redis
        self.broker = broker
        self.broadcasts = broadcasts
        self.logger = logger
        sources = Mutex(
            Sources(
                keys: RemoteSigningKeys(requests: requests, redis: redis), sessions: RemoteSessions(requests: requests),
                apiKeys: RemoteAPIKeys(requests: requests)))
    }

    /// Takes keys, sessions and API keys from elsewhere than the broker: `auth` does, from its own tables. Call it in `build`.
    public func use(keys: any SigningKeySource, sessions: any SessionSource, apiKeys: any APIKeySource) {
        sources.withLock { $0 = Sources(keys: keys, sessions: sessions, apiKeys: apiKeys) }
    }

    /// Hears of ended sessions, changed rights, revoked API keys and rotated signing keys.
    func listen() {
        broadcasts.on(SessionRevoked.self) { [self] event, _ in end(event.sessionID) }
        broadcasts.on(MembershipChanged.self) { [self] event, _ in forget(user: event.userID) }
        broadcasts.on(UserUpdated.self) { [self] event, _ in forget(user: event.user.id) }
        broadcasts.on(APIKeyRevoked.self) { [self] event, _ in end(event.keyID) }
        // The key that is replaced ends sooner than was said of it.
        broadcasts.on(APIKeyCreated.self) { [self] event, _ in if event.replaces != nil { forget(user: event.userID) } }
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

    /// Makes this process check anew what somebody may do. `auth` calls it in the copy that changes their rights, so that its own next answer is right.
    public func forget(user: UUID) { cache.forget(user: user, at: Self.now) }

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
        if let authorization = headers[.authorization] { return try await caller(authorization: authorization) }
        guard let key = headers[.apiKey] else { return nil }
        guard key.hasPrefix(APIKeySecret.marker) else { throw APIError.invalidToken }
        return try await caller(authorization: "Bearer " + key)
    }

    /// The same from the header's value.
    public func caller(authorization: String) async throws -> Caller {
        let now = Self.now
        if let caller = cache.caller(of: authorization, at: now) {
            if hearsRevocations.load(ordering: .relaxed) { return caller }
            return try await recheck(caller)
        }
        let beginning = cache.beginning
        let sources = sources.withLock { $0 }
        let credential = Self.bearer(authorization)
        if let key = credential.flatMap(APIKeySecret.init) {
            let caller = try await self.caller(of: key, sources)
            let end = min(now + Self.keyLifetime, caller.tokenExpiresAt.map { Int64($0.timeIntervalSince1970) } ?? .max)
            cache.remember(caller, for: authorization, until: end, since: beginning, at: now)
            return caller
        }
        guard let token = credential.flatMap(AccessToken.init) else { throw APIError.invalidToken }
        guard let key = try await key(token.keyID, sources), let claims = token.claims(verifiedBy: key, at: Date()) else {
            throw APIError.invalidToken
        }
        guard !cache.hasEnded(claims.sessionID), let session = try await session(claims.userID, claims.sessionID, sources) else {
            throw APIError.sessionEnded
        }
        let caller = Caller(claims, session)
        cache.remember(caller, for: authorization, until: claims.expiresAt, since: beginning, at: now)
        return caller
    }

    private func caller(of key: APIKeySecret, _ sources: Sources) async throws -> Caller {
        let found: APIKeySnapshot?
        let asking = keyQuestions.add(1, ordering: .relaxed).newValue
        defer { keyQuestions.subtract(1, ordering: .relaxed) }
        guard asking <= Self.mostKeyQuestions else { throw APIError.unavailable("Your access cannot be checked right now.") }
        do {
            found = try await sources.apiKeys.apiKey(hash: key.hash)
        } catch {
            logger.warning("An API key cannot be looked up", metadata: ["error": "\(error)"])
            throw APIError.unavailable("Your access cannot be checked right now.")
        }
        guard let found, !cache.hasEnded(found.keyID), found.expiresAt.map({ $0 > Date() }) ?? true else { throw APIError.invalidToken }
        return Caller(found)
    }

    private func key(_ id: String, _ sources: Sources) async throws -> SigningKeyring.Key? {
        do {
            return try await keyring.key(id, from: sources.keys)
        } catch {
            logger.warning("Signing keys cannot be had", metadata: ["error": "\(error)"])
            throw APIError.unavailable("Your access cannot be checked right now.")
        }
    }

    /// Of somebody whose rights have changed a short while ago `auth` is asked first: Redis may still hold the old ones. It is believed all the same when
    /// nobody can be asked.
    private func session(_ userID: UUID, _ sessionID: UUID, _ sources: Sources) async throws -> SessionSnapshot? {
        let hasChanged = cache.hasChanged(userID, at: Self.now)
        if !hasChanged, let session = await cached(userID, sessionID) { return session.expiresAt > Date() ? session : nil }
        do {
            return try await sources.sessions.session(of: userID, sessionID)
        } catch {
            if hasChanged, let session = await cached(userID, sessionID), session.expiresAt > Date() { return session }
            logger.warning("A session cannot be looked up", metadata: ["error": "\(error)"])
            throw APIError.unavailable("Your access cannot be checked right now.")
        }
    }

    private func cached(_ userID: UUID, _ sessionID: UUID) async -> SessionSnapshot? {
        guard let bytes = try? await redis.get(SessionSnapshot.key(user: userID, session: sessionID)) else { return nil }
        return try? JSONDecoder.hearth.decode(SessionSnapshot.self, from: Data(bytes))
    }

    /// While revocations cannot be heard.
    private func recheck(_ caller: Caller) async throws -> Caller {
        guard caller.scopes == nil else { return caller }
        let cached: [UInt8]?
        do {
            cached = try await redis.get(SessionSnapshot.key(user: caller.userID, session: caller.sessionID))
        } catch {
            return caller
        }
        if let cached, let session = try? JSONDecoder.hearth.decode(SessionSnapshot.self, from: Data(cached)) {
            return caller.following(session)
        }
        guard let session = try await session(caller.userID, caller.sessionID, sources.withLock { $0 }) else {
            end(caller.sessionID)
            throw APIError.sessionEnded
        }
        return caller.following(session)
    }

    private static func bearer(_ authorization: String) -> String? {
        let scheme = "bearer "
        guard authorization.utf8.count > scheme.utf8.count, authorization.prefix(scheme.count).lowercased() == scheme else { return nil }
        return String(authorization.dropFirst(scheme.count))
    }

    private static var now: Int64 { Int64(Date().timeIntervalSince1970) }
}
