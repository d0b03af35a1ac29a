import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What no contact may have. An entry holds for contacts that are there already as well, in small batches.
struct ContactBlacklistStore: Sendable {
    static let batch = 500

    let postgres: Postgres
    let keys: MatchingKeyStore

    func list(kind: BlacklistKind?, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<BlacklistEntry> {
        let kind: SQL = kind.map { "AND b.kind = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND b.id < \($0)" } ?? ""
        let rows: [BlacklistEntry] = try await postgres.all(
            as: caller,
            "SELECT \(BlacklistEntry.columns) FROM contact_blacklist b WHERE true \(kind) \(after) ORDER BY b.id DESC LIMIT \(page.limit + 1)")
        return Page(rows, limit: page.limit) { $0.id }
    }

    /// Nil when it is on the list already.
    func add(_ value: String, _ kind: BlacklistKind, reason: String, as caller: Caller) async throws -> BlacklistEntry? {
        let key = try await keys.key()
        guard let print = Self.fingerprint(of: value, kind, under: key) else { return nil }
        return try await postgres.transaction(as: caller) { tx in
            let entry: BlacklistEntry? = try await tx.first(
                """
                INSERT INTO contact_blacklist AS b (id, kind, hash, reason, source, created_by)
                VALUES (\(UUID.v7()), \(kind), \(print.hash), \(reason), 'moderator', \(caller.userID))
                ON CONFLICT DO NOTHING RETURNING \(BlacklistEntry.columns)
                """)
            guard let entry else { return nil }
            _ = try await apply(entry.id, in: tx)
            try await tx.publish(ContactBlacklistChanged(entryID: entry.id, kind: kind.rawValue, change: "added", reason: reason))
            return entry
        }
    }

    /// False when there is no such entry. What it has shut out comes back, unless another entry holds.
    func remove(_ id: UUID, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            let gone: BlacklistEntry? = try await tx.first("SELECT \(BlacklistEntry.columns) FROM contact_blacklist b WHERE b.id = \(id) FOR UPDATE")
            guard let gone else { return false }
            try await tx.execute(
                "UPDATE contacts SET is_blacklisted = false, blacklisted_reason = NULL, blacklist_id = NULL WHERE blacklist_id = \(id)")
            try await tx.execute("DELETE FROM contact_blacklist WHERE id = \(id)")
            try await tx.publish(ContactBlacklistChanged(entryID: id, kind: gone.kind.rawValue, change: "removed", reason: gone.reason))
            return true
        }
    }

    /// Shuts out a batch of the contacts that an entry, or any entry, is about; tells how many.
    func apply(_ entry: UUID? = nil, in tx: Transaction) async throws -> Int {
        let only: SQL = entry.map { "AND b.id = \($0)" } ?? ""
        return try await tx.execute(
            """
            UPDATE contacts c SET is_blacklisted = true, blacklisted_reason = hit.reason, blacklist_id = hit.id
            FROM (
                SELECT DISTINCT ON (f.contact_id) f.contact_id, b.id, b.reason
                FROM contact_blacklist b JOIN contact_fingerprints f ON f.hash = b.hash JOIN contacts known ON known.id = f.contact_id
                WHERE NOT known.is_blacklisted \(only) ORDER BY f.contact_id, b.id LIMIT \(Self.batch)
            ) AS hit WHERE c.id = hit.contact_id AND NOT c.is_blacklisted
            """)
    }

    /// Nil when the text is nothing of the kind.
    static func fingerprint(of text: String, _ kind: BlacklistKind, under key: MatchingKey) -> Fingerprint? {
        if kind == .domain {
            guard let address = WebAddress(text), !text.contains("/") else { return nil }
            return Fingerprint(domain: address.registrableDomain ?? address.host, under: key)
        }
        guard let field = ContactField(rawValue: kind.rawValue), let value = ContactValue(field, text) else { return nil }
        return Fingerprint.all(of: value, under: key).first
    }
}
