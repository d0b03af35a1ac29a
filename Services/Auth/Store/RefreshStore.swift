import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Refresh tokens: each is used once, and the next one takes its place.
///
/// Two tabs that refresh at once are no attack, so a token that was used in the last seconds leads to the newest token of its family: those that
/// followed are worked out again from the old one and a random salt each. There is never a second branch that a thief could live on: whoever
/// holds a copy ends up with the same token as its owner, and the second of them to use it later ends the family.
struct RefreshStore: Sendable {
    let postgres: Postgres

    func rotate(_ token: OpaqueToken, client: ClientInfo) async throws -> RefreshOutcome {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard let presented: PresentedToken = try await tx.first(Self.lock(token)) else { return .refused }
            switch presented.standing {
            case .fresh:
                let salt = OpaqueToken.randomBytes()
                let next = token.successor(salt: salt)
                _ = try await tx.batch(Self.replace(presented, by: next, salt: salt, client: client))
                return .granted(presented.credentials, session: presented.session.id, presented.proof, token: next)
            case .justUsed:
                let salts: [Salt] = try await tx.all(Self.salts(since: presented))
                let newest = salts.reduce(token) { $0.successor(salt: $1.bytes) }
                return .granted(presented.credentials, session: presented.session.id, presented.proof, token: newest)
            case .usedBefore:
                try await SessionStore.end("id = \(presented.session.id)", because: .refreshTokenReused, tx)
                return .reused(presented.session)
            case .void:
                return .refused
            }
        }
    }

    /// Token and session are both locked, so that of several who come at once the second sees what the first has done.
    private static func lock(_ token: OpaqueToken) -> SQL {
        """
        SELECT \(Credentials.columns), presented.*
        FROM (
            SELECT
                t.id AS token_id, s.id AS session_id, s.user_id AS owner_id, t.used_at IS NOT NULL AS is_used,
                COALESCE(t.successor_salt IS NOT NULL AND t.used_at > clock_timestamp() - \(seconds: Lifetimes.refreshGrace), false)
                    AS is_in_grace,
                s.is_active AND s.expires_at > now() AND t.expires_at > now() AS is_live, \(SessionProof.columns),
                LEAST(now() + \(seconds: Lifetimes.idleSession), s.created_at + \(seconds: Lifetimes.wholeSession)) AS session_expiry
            FROM refresh_tokens t JOIN user_sessions s ON s.id = t.session_id
            WHERE t.token_hash = \(token.hash)
            FOR UPDATE OF t, s
        ) presented JOIN users ON users.id = presented.owner_id AND users.deleted_at IS NULL
        """
    }

    /// The salts on the way from a used token to the newest of its family.
    private static func salts(since used: PresentedToken) -> SQL {
        """
        WITH RECURSIVE way AS (
            SELECT replaced_by, successor_salt, 1 AS step FROM refresh_tokens WHERE id = \(used.id)
            UNION ALL
            SELECT t.replaced_by, t.successor_salt, step + 1 FROM refresh_tokens t JOIN way ON t.id = way.replaced_by
        )
        SELECT successor_salt FROM way WHERE successor_salt IS NOT NULL ORDER BY step
        """
    }

    private static func replace(_ old: PresentedToken, by next: OpaqueToken, salt: Data, client: ClientInfo) -> [SQL] {
        let nextID = UUID.v7()
        return [
            """
            INSERT INTO refresh_tokens (id, session_id, token_hash, expires_at)
            VALUES (\(nextID), \(old.session.id), \(next.hash), \(old.sessionExpiry))
            """,
            "UPDATE refresh_tokens SET used_at = clock_timestamp(), replaced_by = \(nextID), successor_salt = \(salt) WHERE id = \(old.id)",
            // The way on from tokens that are past their last seconds is not needed any more.
            """
            UPDATE refresh_tokens SET successor_salt = NULL
            WHERE session_id = \(old.session.id) AND successor_salt IS NOT NULL
                AND used_at < clock_timestamp() - \(seconds: Lifetimes.refreshGrace)
            """,
            """
            UPDATE user_sessions SET
                refresh_token_hash = \(next.hash), last_activity_at = now(), expires_at = \(old.sessionExpiry),
                ip_address = COALESCE(\(client.ipAddress), ip_address), user_agent = COALESCE(\(client.userAgent), user_agent),
                location = COALESCE(\(client.location.map(JSON.init)), location)
            WHERE id = \(old.session.id)
            """,
        ]
    }

    private struct Salt: RowDecodable {
        var bytes: Data
        init(row: Row) throws { bytes = try row["successor_salt"] }
    }
}
