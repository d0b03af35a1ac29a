import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Requests of people whose contact it is. Accepted, everything that has the value is erased; an objection keeps the value away from then on.
struct ContactObjectionStore: Sendable {
    private static let context = "catalog.contact_objections.value"

    let postgres: Postgres
    let keys: MatchingKeyStore
    let seals: ContactSeals

    /// Takes note of a request; the same one again, while it is undecided, is the same one.
    func file(_ value: ContactValue, _ kind: ObjectionKind, _ request: ObjectionRequest, statement: String?) async throws {
        let key = try await keys.key()
        guard let print = Fingerprint.all(of: value, under: key).first else { return }
        let sealed = Data(try seals.encryption.seal(value.key, context: Self.context))
        try await postgres.transaction(as: ServiceCaller()) { tx in
            _ = try await tx.execute(
                """
                INSERT INTO contact_objections (id, kind, request, value_sealed, hash, statement)
                VALUES (\(UUID.v7()), \(kind), \(request), \(sealed), \(print.hash), \(statement))
                ON CONFLICT (hash, kind, request) WHERE status = 'pending' DO NOTHING
                """)
        }
    }

    func list(status: ObjectionStatus?, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<ContactObjection> {
        let status: SQL = status.map { "AND o.status = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND o.id < \($0)" } ?? ""
        let rows: [ContactObjection] = try await postgres.all(
            as: caller,
            "SELECT \(ContactObjection.columns) FROM contact_objections o WHERE true \(status) \(after) ORDER BY o.id DESC LIMIT \(page.limit + 1)")
        return Page(try rows.map(hinted), limit: page.limit) { $0.id }
    }

    enum Decision: Sendable {
        case decided(ContactObjection)
        case notOpen
        case notFound
    }

    func reject(_ id: UUID, note: String?, as caller: Caller) async throws -> Decision {
        try await decide(id, .rejected, note: note, as: caller) { _, _ in 0 }
    }

    func accept(_ id: UUID, note: String?, as caller: Caller) async throws -> Decision {
        try await decide(id, .accepted, note: note, as: caller) { claimed, tx in
            if claimed.request == .objection {
                let entry: UUID? = try await tx.value(
                    """
                    INSERT INTO contact_blacklist (id, kind, hash, reason, source, created_by)
                    VALUES (\(UUID.v7()), \(claimed.kind.rawValue), \(claimed.hash), 'the person objects', 'objection', \(caller.userID))
                    ON CONFLICT DO NOTHING RETURNING id
                    """)
                if let entry {
                    try await tx.publish(
                        ContactBlacklistChanged(entryID: entry, kind: claimed.kind.rawValue, change: "added", reason: "objection"))
                }
            }
            let value = try seals.encryption.openString(Array(claimed.sealed), context: Self.context)
            return try await erase(claimed.hash, value, in: tx)
        }
    }

    private struct Claimed: RowDecodable, Sendable {
        var kind: ObjectionKind
        var request: ObjectionRequest
        var hash: Data
        var sealed: Data

        init(row: Row) throws {
            kind = try row["kind"]
            request = try row["request"]
            hash = try row["hash"]
            sealed = try row["value_sealed"]
        }
    }

    /// One statement decides who decides. As the service: what is erased may be in anybody's address book, and in listings, which nobody writes.
    private func decide(
        _ id: UUID, _ status: ObjectionStatus, note: String?, as caller: Caller, _ act: @Sendable (Claimed, Transaction) async throws -> Int
    ) async throws -> Decision {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let claimed: Claimed? = try await tx.first(
                """
                WITH old AS (SELECT id, value_sealed FROM contact_objections WHERE id = \(id) FOR UPDATE)
                UPDATE contact_objections o
                SET status = \(status), value_sealed = NULL, decided_by = \(caller.userID), decided_at = now(), decision_note = \(note)
                FROM old WHERE o.id = old.id AND o.status = 'pending' RETURNING o.kind, o.request, o.hash, old.value_sealed
                """)
            guard let claimed else {
                let isThere = try await tx.value("SELECT true FROM contact_objections WHERE id = \(id)", as: Bool.self) ?? false
                return isThere ? .notOpen : .notFound
            }
            let erased = try await act(claimed, tx)
            let decided: ContactObjection? = try await tx.first(
                "UPDATE contact_objections o SET contacts_erased = \(erased) WHERE id = \(id) RETURNING \(ContactObjection.columns)")
            guard let decided else { return .notFound }
            try await tx.publish(ContactObjectionDecided(objectionID: id, status: status.rawValue, contacts: erased))
            return .decided(decided)
        }
    }

    /// Everything that has the value: contacts, what was merged with them, and what listings say of the person. Listings first, as whoever reads them
    /// locks them before contacts.
    private func erase(_ hash: Data, _ value: String, in tx: Transaction) async throws -> Int {
        try await silence(hash, value, in: tx)
        // Up and down, however often one was merged into the next.
        let gone = try await tx.rows(
            """
            WITH RECURSIVE involved (id) AS (
                SELECT contact_id FROM contact_fingerprints WHERE hash = \(hash)
                UNION
                SELECT next.id FROM involved i CROSS JOIN LATERAL (
                    SELECT c.merged_into AS id FROM contacts c WHERE c.id = i.id AND c.merged_into IS NOT NULL
                    UNION ALL SELECT c.id FROM contacts c WHERE c.merged_into = i.id) AS next)
            DELETE FROM contacts WHERE id IN (SELECT id FROM involved) RETURNING id, (
                SELECT jsonb_agg(jsonb_build_object('provider', l.provider, 'provider_listing_id', l.provider_listing_id))
                FROM contact_listings c JOIN listings l ON l.id = c.listing_id WHERE c.contact_id = contacts.id) AS listings
            """)
        for row in gone {
            try await tx.publish(
                ContactErased(
                    contactID: try row["id"], reason: "objection", listings: try row.jsonIfPresent("listings", as: [ContactErased.Listing].self)))
        }
        return gone.count
    }

    /// Takes the person out of the listings that name them.
    private func silence(_ hash: Data, _ value: String, in tx: Transaction) async throws {
        let rows = try await tx.rows(
            """
            SELECT id, description, contact_phone_encrypted AS phone, contact_email_encrypted AS email FROM listings
            WHERE id IN (
                SELECT l.listing_id FROM contact_listings l JOIN contact_fingerprints f ON f.contact_id = l.contact_id WHERE f.hash = \(hash))
            ORDER BY id FOR UPDATE
            """)
        for row in rows {
            let phone = try opened(row["phone"], "catalog.listings.contact_phone").flatMap { ContactValue(.phone, $0)?.key }
            let email = try opened(row["email"], "catalog.listings.contact_email").flatMap { ContactValue(.email, $0)?.key }
            guard phone == value || email == value else { continue }
            let id: UUID = try row["id"]
            let keys = Set([value, phone, email].compactMap(\.self))
            let description = (try row["description"] as String?).map { ContactRedaction.text($0, without: keys) }
            try await tx.execute(
                """
                UPDATE listings SET contact_name = NULL, contact_phone_encrypted = NULL, contact_email_encrypted = NULL,
                    description = \(description), version = version + 1
                WHERE id = \(id)
                """)
        }
    }

    private func opened(_ sealed: Data?, _ context: String) throws -> String? {
        try sealed.map { try seals.encryption.openString(Array($0), context: context) }
    }

    private func hinted(_ objection: ContactObjection) throws -> ContactObjection {
        var hinted = objection
        hinted.hint = try opened(objection.sealedValue, Self.context).map { ContactObjection.hint(of: $0, objection.kind) }
        return hinted
    }
}
