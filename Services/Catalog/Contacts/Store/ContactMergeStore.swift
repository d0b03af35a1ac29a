import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Making two contacts one, and two again. A duplicate is not deleted: it points to the contact that stays, so everything that refers to it goes on to lead
/// somewhere.
struct ContactMergeStore: Sendable {
    let postgres: Postgres
    let intake: ContactIntake

    func list(status: MergeStatus?, scope: ContactScope, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<ContactMerge> {
        let owner: SQL = scope == .own ? "m.user_id = \(caller.userID)" : "m.user_id IS NULL"
        let status: SQL = status.map { "AND m.status = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND m.id < \($0)" } ?? ""
        let rows: [ContactMerge] = try await postgres.all(
            as: caller,
            "SELECT \(ContactMerge.columns) FROM contact_merges m WHERE \(owner) \(status) \(after) ORDER BY m.id DESC LIMIT \(page.limit + 1)")
        return Page(rows, limit: page.limit) { $0.id }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> ContactMerge? {
        try await postgres.first(as: caller, "SELECT \(ContactMerge.columns) FROM contact_merges m WHERE m.id = \(id)")
    }

    enum Proposal: Sendable {
        case proposed(ContactMerge)
        case noSuchContact
        case ofDifferentOwners
        case isMerged
    }

    /// Proposes what nobody has found, or what was decided otherwise before.
    func propose(_ contact: UUID, _ duplicate: UUID, as caller: Caller) async throws -> Proposal {
        let key = try await intake.keys.key()
        return try await postgres.transaction(as: caller) { tx in
            let pair = try await lock([contact, duplicate], in: tx)
            guard let one = pair[contact], let other = pair[duplicate] else { return .noSuchContact }
            guard one.contact.userID == other.contact.userID else { return .ofDifferentOwners }
            guard one.contact.mergedInto == nil, other.contact.mergedInto == nil else { return .isMerged }
            let probability = try await probability(of: other, being: one, key: key, in: tx)
            let merge: ContactMerge? = try await tx.first(
                """
                INSERT INTO contact_merges AS m (id, contact_id, duplicate_id, user_id, probability, reasons)
                VALUES (\(UUID.v7()), \(contact), \(duplicate), \(one.contact.userID), \(ContactIntake.hundredths(probability.value)),
                        \(JSON(probability.reasons)))
                ON CONFLICT (least(contact_id, duplicate_id), greatest(contact_id, duplicate_id)) DO UPDATE
                    SET contact_id = excluded.contact_id, duplicate_id = excluded.duplicate_id, probability = excluded.probability,
                        reasons = excluded.reasons, status = 'proposed', decided_by = NULL, decided_at = NULL
                RETURNING \(ContactMerge.columns)
                """)
            return merge.map(Proposal.proposed) ?? .noSuchContact
        }
    }

    enum Decision: Sendable {
        case decided(ContactMerge)
        /// Somebody else has decided, or one of the two is part of another merge by now.
        case notOpen
        case stale
        case notFound
    }

    func reject(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> Decision {
        try await decide(id, from: [.proposed], to: .rejected, ifMatch: version, as: caller) { _, _ in true }
    }

    func accept(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> Decision {
        try await decide(id, from: [.proposed, .undone], to: .accepted, ifMatch: version, as: caller) { merge, tx in
            let pair = try await lock([merge.contactID, merge.duplicateID], in: tx)
            guard let kept = pair[merge.contactID], let duplicate = pair[merge.duplicateID], kept.contact.mergedInto == nil,
                duplicate.contact.mergedInto == nil
            else { return false }
            let undo = try await take(duplicate, into: kept, in: tx)
            try await tx.execute("UPDATE contact_merges SET undo = \(JSON(undo)) WHERE id = \(id)")
            try await tx.execute(
                "UPDATE contacts SET merged_into = \(kept.contact.id), is_active = false, updated_by = \(caller.userID) WHERE id = \(merge.duplicateID)"
            )
            return true
        }
    }

    func undo(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> Decision {
        try await decide(id, from: [.accepted], to: .undone, ifMatch: version, as: caller) { merge, tx in
            let pair = try await lock([merge.contactID, merge.duplicateID], in: tx)
            guard let kept = pair[merge.contactID], let duplicate = pair[merge.duplicateID], kept.contact.mergedInto == nil,
                duplicate.contact.mergedInto == kept.contact.id, let undo = merge.undo
            else { return false }
            try await takeOut(undo, of: duplicate, from: kept, in: tx)
            try await tx.execute(
                "UPDATE contacts SET merged_into = NULL, is_active = \(undo.wasActive), updated_by = \(caller.userID) WHERE id = \(merge.duplicateID)"
            )
            return true
        }
    }

    private struct Claimed: RowDecodable, Sendable {
        var contactID: UUID
        var duplicateID: UUID
        var undo: MergeUndo?

        init(row: Row) throws {
            contactID = try row["contact_id"]
            duplicateID = try row["duplicate_id"]
            undo = try row.jsonIfPresent("undo")
        }
    }

    private struct Refused: Error {}

    /// One statement decides who decides; of many at once one comes through.
    private func decide(
        _ id: UUID, from open: [MergeStatus], to status: MergeStatus, ifMatch version: Int64?, as caller: Caller,
        _ act: @Sendable (Claimed, Transaction) async throws -> Bool
    ) async throws -> Decision {
        do {
            return try await postgres.transaction(as: caller) { tx in
                let claimed: Claimed? = try await tx.first(
                    """
                    WITH old AS (SELECT id, undo FROM contact_merges WHERE id = \(id) FOR UPDATE)
                    UPDATE contact_merges m SET status = \(status), decided_by = \(caller.userID), decided_at = now(),
                        undo = CASE WHEN \(status == .accepted) THEN '{}'::jsonb END
                    FROM old WHERE m.id = old.id AND m.status = ANY (\(open.map(\.rawValue))) AND m.version = coalesce(\(version), m.version)
                    RETURNING m.contact_id, m.duplicate_id, old.undo
                    """)
                guard let claimed else {
                    guard let now: ContactMerge = try await tx.first("SELECT \(ContactMerge.columns) FROM contact_merges m WHERE m.id = \(id)")
                    else { return .notFound }
                    return version != nil && now.version != version ? .stale : .notOpen
                }
                guard try await act(claimed, tx),
                    let merge: ContactMerge = try await tx.first("SELECT \(ContactMerge.columns) FROM contact_merges m WHERE m.id = \(id)")
                else { throw Refused() }
                try await tx.publish(
                    ContactMergeDecided(
                        mergeID: id, contactID: claimed.contactID, duplicateID: claimed.duplicateID, status: status.rawValue, userID: caller.userID))
                return .decided(merge)
            }
        } catch is Refused {
            return .notOpen
        }
    }

    /// Both contacts, locked in one order, so that two merges never wait for each other.
    private func lock(_ ids: [UUID], in tx: Transaction) async throws -> [UUID: SealedContact] {
        let rows: [SealedContact] = try await tx.all(
            "SELECT \(SealedContact.columns) FROM contacts c WHERE c.id = ANY (\(ids)) ORDER BY c.id FOR UPDATE OF c")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.contact.id, $0) })
    }

    private func probability(
        of other: SealedContact, being one: SealedContact, key: MatchingKey, in tx: Transaction
    ) async throws -> DuplicateProbability {
        let mine = try intake.seals.values(of: one).compactMap { ContactValue($0.key, $0.value) }
        let theirs = try intake.seals.values(of: other)
        var shared: [ContactField: ContactValue] = [:]
        var contradicting: Set<ContactField> = []
        for value in mine {
            guard let text = theirs[value.field], let their = ContactValue(value.field, text) else { continue }
            if their.key == value.key { shared[value.field] = value } else { contradicting.insert(value.field) }
        }
        return DuplicateProbability(shared: shared, contradicting: contradicting, name: one.contact.name, otherName: other.contact.name)
    }

    /// What the one that stays lacks, it takes from the duplicate. A sealed value moves as it is: its context is the column.
    private func take(_ duplicate: SealedContact, into kept: SealedContact, in tx: Transaction) async throws -> MergeUndo {
        var undo = MergeUndo()
        let (from, into) = (duplicate.contact, kept.contact)
        undo.filled = ContactSeals.fields.filter { kept.values[$0] == nil && duplicate.values[$0] != nil }.map(\.rawValue)
        if into.name == nil, from.name != nil { undo.filled.append(ContactField.name.rawValue) }
        if let name = from.name, let own = into.name, name != own, !into.nameVariations.contains(name), into.nameVariations.count < 20 {
            undo.variation = name
        }
        undo.tags = Array(from.tags.filter { !into.tags.contains($0) }.prefix(max(0, 50 - into.tags.count)))
        undo.wasActive = from.isActive
        undo.timesContacted = try await tx.value("SELECT times_contacted FROM contacts WHERE id = \(from.id)") ?? 0
        let listings = try await tx.rows(
            """
            INSERT INTO contact_listings (contact_id, listing_id, user_id, stated_hash, first_seen_at, last_seen_at)
            SELECT \(into.id), listing_id, user_id, stated_hash, first_seen_at, last_seen_at FROM contact_listings WHERE contact_id = \(from.id)
            ON CONFLICT DO NOTHING RETURNING listing_id
            """)
        undo.listings = try listings.map { try $0["listing_id"] }
        let prints = try await tx.rows(
            """
            INSERT INTO contact_fingerprints (contact_id, kind, hash)
            SELECT \(into.id), kind, hash FROM contact_fingerprints
            WHERE contact_id = \(from.id) AND (kind = ANY (\(undo.filled)) OR kind = 'domain') ON CONFLICT DO NOTHING RETURNING hash
            """)
        undo.fingerprints = try prints.map { row -> Data in try row["hash"] }.map { $0.base64EncodedString() }
        func value(_ field: ContactField) -> Data? { kept.values[field] ?? duplicate.values[field] }
        try await tx.execute(
            """
            UPDATE contacts SET name = coalesce(name, \(from.name)), name_variations = name_variations || \(undo.variation.map { [$0] } ?? []),
                phone_encrypted = \(value(.phone)), phone_e164_encrypted = \(kept.phoneE164 ?? duplicate.phoneE164),
                email_encrypted = \(value(.email)), address_encrypted = \(value(.address)), website_encrypted = \(value(.website)),
                field_confidence = \(JSON(from.fieldConfidence.filter { undo.filled.contains($0.key) })) || field_confidence,
                tags = tags || \(undo.tags), times_contacted = times_contacted + \(undo.timesContacted),
                last_contacted = greatest(last_contacted, \(from.lastContacted)), retain_until = greatest(retain_until, \(from.retainUntil))
            WHERE id = \(into.id)
            """)
        return undo
    }

    /// What the merge put in and nobody has changed since.
    private func takeOut(_ undo: MergeUndo, of duplicate: SealedContact, from kept: SealedContact, in tx: Transaction) async throws {
        let (from, into) = (duplicate.contact, kept.contact)
        let (theirs, mine) = (try intake.seals.values(of: duplicate), try intake.seals.values(of: kept))
        let filled = Set(undo.filled.compactMap(ContactField.init(rawValue:)))
        let leaving = Set(ContactSeals.fields.filter { filled.contains($0) && mine[$0] == theirs[$0] })
        let losesName = filled.contains(.name) && into.name == from.name
        func value(_ field: ContactField) -> Data? { leaving.contains(field) ? nil : kept.values[field] }
        let gone = leaving.map(\.rawValue) + (losesName ? [ContactField.name.rawValue] : [])
        try await tx.execute(
            """
            UPDATE contacts SET name = \(losesName ? nil : into.name), name_variations = array_remove(name_variations, \(undo.variation)::text),
                phone_encrypted = \(value(.phone)), phone_e164_encrypted = \(leaving.contains(.phone) ? nil : kept.phoneE164),
                email_encrypted = \(value(.email)), address_encrypted = \(value(.address)), website_encrypted = \(value(.website)),
                field_confidence = field_confidence - \(gone), times_contacted = greatest(0, times_contacted - \(undo.timesContacted)),
                tags = ARRAY(SELECT tag FROM unnest(tags) AS tag WHERE NOT tag = ANY (\(undo.tags)))
            WHERE id = \(into.id)
            """)
        try await tx.execute("DELETE FROM contact_listings WHERE contact_id = \(into.id) AND listing_id = ANY (\(undo.listings))")
        let hashes = undo.fingerprints.compactMap { Data(base64Encoded: $0) }
        try await tx.execute("DELETE FROM contact_fingerprints WHERE contact_id = \(into.id) AND hash = ANY (\(hashes))")
    }
}
