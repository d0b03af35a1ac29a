import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Sessions after they have started.
struct SessionStore: Sendable {
    let postgres: Postgres

    /// The caller's living sessions, the newest first.
    func list(after last: UUID?, limit: Int, as caller: Caller) async throws -> [Session] {
        let older: SQL = last.map { "AND id < \($0)" } ?? ""
        return try await postgres.all(
            as: caller,
            """
            SELECT id, device_info, host(ip_address) AS ip_address, user_agent, location, id = \(caller.sessionID) AS is_current, created_at,
                last_activity_at, expires_at
            FROM user_sessions WHERE user_id = \(caller.userID) AND is_active AND expires_at > now() \(older)
            ORDER BY id DESC LIMIT \(limit + 1)
            """)
    }

    /// Which sessions of somebody live, for the service itself.
    func living(of user: UUID) async throws -> [UUID] {
        let rows: [FoundSession] = try await postgres.all(
            as: ServiceCaller(), "SELECT id, user_id FROM user_sessions WHERE user_id = \(user) AND is_active AND expires_at > now()")
        return rows.map(\.session.id)
    }

    /// Ends one of the caller's sessions; false when there is no such living session.
    func end(_ id: UUID, because reason: SessionEnd, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            try await !Self.end("id = \(id) AND user_id = \(caller.userID)", because: reason, tx).isEmpty
        }
    }

    /// Ends every session of the caller but the one that asks; returns those that ended.
    func endOthers(as caller: Caller) async throws -> [UUID] {
        try await postgres.transaction(as: caller) { tx in
            try await Self.end("user_id = \(caller.userID) AND id <> \(caller.sessionID)", because: .revoked, tx)
        }
    }

    /// What the cache may hold of a session; nil when it has ended, or its account may not sign in any more.
    func snapshot(of session: UUID, user: UUID) async throws -> SessionSnapshot? {
        let found: LivingSession? = try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT \(Credentials.columns), living.*
            FROM (
                SELECT user_id AS owner_id, expires_at AS session_expiry, \(SessionProof.columns) FROM user_sessions
                WHERE id = \(session) AND user_id = \(user) AND is_active AND expires_at > now()
            ) living JOIN users ON users.id = living.owner_id
            WHERE users.deleted_at IS NULL AND users.status IN ('active', 'pending_verification')
            """)
        return found.map { $0.credentials.snapshot(of: session, $0.proof, until: $0.expiry) }
    }

    /// Ends sessions inside a transaction and tells every service; the condition names columns of `user_sessions`.
    @discardableResult
    static func end(_ condition: SQL, because reason: SessionEnd, _ tx: Transaction) async throws -> [UUID] {
        let ended: [FoundSession] = try await tx.all(
            """
            UPDATE user_sessions SET is_active = false, ended_at = now(), end_reason = \(reason)
            WHERE is_active AND \(condition) RETURNING id, user_id
            """)
        let events = ended.map { SessionRevoked(sessionID: $0.session.id, userID: $0.session.userID, reason: reason.rawValue) }
        if !events.isEmpty { try await tx.publish(events) }
        return ended.map(\.session.id)
    }

    private struct FoundSession: RowDecodable {
        var session: SessionRow
        init(row: Row) throws { session = SessionRow(id: try row["id"], userID: try row["user_id"]) }
    }

    private struct LivingSession: RowDecodable {
        var credentials: Credentials
        var expiry: Date
        var proof: SessionProof
        init(row: Row) throws {
            credentials = try Credentials(row: row)
            proof = try SessionProof(row: row)
            expiry = try row["session_expiry"]
        }
    }
}
