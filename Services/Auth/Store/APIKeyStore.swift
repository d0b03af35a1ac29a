import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// API keys, as hashes.
struct APIKeyStore: Sendable {
    /// How many keys somebody may have of their own.
    private static let mostOwn = 20

    let postgres: Postgres

    /// The caller's own, or an agency's; the newest first.
    func list(of agency: UUID?, after last: UUID?, limit: Int, as caller: Caller) async throws -> [APIKey] {
        let whose: SQL = agency.map { "agency_id = \($0)" } ?? "user_id = \(caller.userID)"
        let older: SQL = last.map { "AND id < \($0)" } ?? ""
        return try await postgres.all(
            as: caller, "SELECT \(APIKey.columns) FROM api_keys WHERE \(whose) \(older) ORDER BY id DESC LIMIT \(limit + 1)")
    }

    /// Throws `APIError`: 409 when there are too many.
    func make(_ new: NewAPIKey, _ secret: APIKeySecret, as caller: Caller) async throws -> APIKey {
        try await postgres.transaction(as: caller) { tx in
            try await Self.expectRoom(for: new.agencyID, of: caller, tx)
            let permissions = new.permissions.sorted().map(\.rawValue)
            return try await Self.insert(
                secret, name: new.keyName, permissions: permissions, agency: new.agencyID, expiry: new.expiry, replacing: nil, caller, tx)
        }
    }

    /// A new key with the name, scopes and life of one of the caller's, which goes on for `overlap` seconds. Nil when there is no such key; throws `APIError`:
    /// 409 when too many go on already.
    func rotate(_ id: UUID, _ secret: APIKeySecret, overlap: Int, as caller: Caller) async throws -> APIKey? {
        try await postgres.transaction(as: caller) { tx in
            let old: APIKey? = try await tx.first(
                """
                SELECT \(APIKey.columns) FROM api_keys
                WHERE id = \(id) AND user_id = \(caller.userID) AND is_active AND (expires_at IS NULL OR expires_at > now()) FOR UPDATE
                """)
            guard let old else { return nil }
            if overlap > 0 { try await Self.expectRoom(for: old.agencyID, of: caller, isReplacing: true, tx) }
            if overlap == 0 {
                try await Self.revoke("id = \(id)", because: "rotated", tx)
            } else {
                try await tx.execute(
                    "UPDATE api_keys SET expires_at = LEAST(expires_at, now() + \(seconds: overlap)) WHERE id = \(id)")
            }
            return try await Self.insert(
                secret, name: old.keyName, permissions: old.permissions, agency: old.agencyID,
                expiry: Date(timeIntervalSinceNow: (old.expiresAt ?? Date()).timeIntervalSince(old.createdAt)), replacing: id, caller, tx)
        }
    }

    /// False when there is none that the caller may revoke and that is good: their own, or one of the agency.
    func revoke(_ id: UUID, of agency: UUID?, as caller: Caller) async throws -> Bool {
        let whose: SQL = agency.map { "agency_id = \($0)" } ?? "user_id = \(caller.userID)"
        return try await postgres.transaction(as: caller) { tx in
            try await Self.revoke("id = \(id) AND \(whose)", because: "revoked", tx) > 0
        }
    }

    /// Revokes keys inside a transaction and tells every service; the condition names columns of `api_keys`.
    @discardableResult
    static func revoke(_ condition: SQL, because reason: String, _ tx: Transaction) async throws -> Int {
        let revoked: [APIKey] = try await tx.all(
            "UPDATE api_keys SET is_active = false, revoked_at = now() WHERE is_active AND \(condition) RETURNING \(APIKey.columns)")
        try await tx.publish(revoked.map { APIKeyRevoked(keyID: $0.id, userID: $0.userID, agencyID: $0.agencyID, reason: reason) })
        return revoked.count
    }

    /// What a key may do now, by its hash; nil when it is no good.
    func resolve(hash: Data) async throws -> APIKeySnapshot? {
        let found: GoodKey? = try await postgres.first(
            as: ServiceCaller(),
            """
            SELECT k.id, k.user_id, k.agency_id, k.permissions, k.expires_at, u.email_verified, u.is_restricted, m.role, m.permissions AS extras
            FROM api_keys k JOIN users u ON u.id = k.user_id
                LEFT JOIN agency_members m ON m.agency_id = k.agency_id AND m.user_id = k.user_id AND m.status = 'active'
            WHERE k.key_hash = \(hash) AND k.is_active AND (k.expires_at IS NULL OR k.expires_at > now())
                AND u.deleted_at IS NULL AND u.status IN ('active', 'pending_verification')
            """)
        return found?.snapshot
    }

    /// When keys were used last, all in one statement.
    func note(_ uses: [UUID: Date]) async throws {
        _ = try await postgres.transaction(as: ServiceCaller()) { tx in
            try await tx.execute(
                """
                UPDATE api_keys SET last_used_at = GREATEST(last_used_at, used.at)
                FROM unnest(\(Array(uses.keys))::uuid[], \(Array(uses.values))::timestamptz[]) AS used (id, at) WHERE api_keys.id = used.id
                """)
        }
    }

    /// One after the other, so that what is counted holds. As many again as there may be may go on beside those that replace them.
    private static func expectRoom(for agency: UUID?, of caller: Caller, isReplacing: Bool = false, _ tx: Transaction) async throws {
        let (whose, most): (SQL, Int?)
        if let agency {
            try await AgencyStore.lock(agency, tx)
            (whose, most) = ("agency_id = \(agency)", try await AgencyStore.allowance(of: agency, tx)?.maxAPIKeys)
        } else {
            _ = try await tx.rows("SELECT id FROM users WHERE id = \(caller.userID) FOR NO KEY UPDATE")
            (whose, most) = ("user_id = \(caller.userID) AND agency_id IS NULL", mostOwn)
        }
        guard let most else { return }
        let limit = isReplacing ? 2 * most : most
        let taken: Int? = try await tx.value(
            "SELECT count(*) FROM api_keys WHERE \(whose) AND is_active AND (expires_at IS NULL OR expires_at > now())")
        if taken ?? 0 >= limit { throw APIError.beyondSubscription("API keys", limit: limit) }
    }

    private static func insert(
        _ secret: APIKeySecret, name: String, permissions: [String], agency: UUID?, expiry: Date, replacing old: UUID?, _ caller: Caller,
        _ tx: Transaction
    ) async throws -> APIKey {
        let key: APIKey? = try await tx.first(
            """
            INSERT INTO api_keys (id, user_id, agency_id, key_name, key_prefix, key_hash, permissions, expires_at)
            VALUES (
                \(UUID.v7()), \(caller.userID), \(agency), \(name), \(secret.prefix), \(secret.hash), \(JSON(permissions)), \(expiry))
            RETURNING \(APIKey.columns)
            """)
        guard let key else { throw APIError.forbidden }
        try await tx.publish(
            APIKeyCreated(
                keyID: key.id, userID: key.userID, agencyID: agency, keyPrefix: key.keyPrefix, scopes: permissions, expiresAt: key.expiresAt,
                replaces: old))
        return key
    }

    private struct GoodKey: RowDecodable {
        var snapshot: APIKeySnapshot?

        init(row: Row) throws {
            let agency: UUID? = try row["agency_id"]
            let role: AgencyRole? = try row["role"]
            var memberships: [AgencyMembershipSnapshot] = []
            if let agency {
                // A member who is inactive may do nothing in the agency, and neither may their keys for it.
                guard let role else { return }
                memberships = [AgencyMembershipSnapshot(agencyID: agency, role: role.rawValue, permissions: try row.json("extras"))]
            }
            snapshot = APIKeySnapshot(
                keyID: try row["id"], userID: try row["user_id"], scopes: try row.json("permissions"), memberships: memberships,
                emailVerified: try row["email_verified"], expiresAt: try row["expires_at"],
                isRestricted: try row["is_restricted"])
        }
    }
}
