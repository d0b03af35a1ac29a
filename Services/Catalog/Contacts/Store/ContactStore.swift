import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Contacts as people see and keep them. Every statement runs as the caller, whom row-level security confines.
struct ContactStore: Sendable {
    static let maximumPerUser = 5000

    let postgres: Postgres
    let intake: ContactIntake
    private var seals: ContactSeals { intake.seals }

    struct Filter: Sendable {
        var scope: ContactScope
        var listing: UUID?
        var type: ContactType?
        var tag: String?
        var words: String?
        var isActive: Bool?
    }

    enum Creation: Sendable {
        case created(Contact)
        case blacklisted
        case tooMany
        case noSuchListing
    }

    func create(_ draft: ContactDraft, as caller: Caller) async throws -> Creation {
        let key = try await intake.keys.key()
        let values = draft.values
        let found = FoundContact(
            userID: caller.userID, values: values, fieldConfidence: values.mapValues { _ in 1 }, type: draft.contactType, provider: "manual",
            method: .manual, confidence: 1, listingID: draft.listingID, foundAt: Date())
        return try await postgres.transaction(as: caller) { tx in
            _ = try await tx.rows("SELECT pg_advisory_xact_lock(hashtextextended(\("contacts:" + caller.userID.uuidString), 0))")
            let count = try await tx.value("SELECT count(*) FROM contacts WHERE user_id = \(caller.userID)", as: Int.self) ?? 0
            guard count < Self.maximumPerUser else { return .tooMany }
            if let listing = draft.listingID {
                guard try await tx.value("SELECT true FROM listings WHERE id = \(listing) AND removed_at IS NULL", as: Bool.self) == true else {
                    return .noSuchListing
                }
            }
            guard let id = try await intake.write(found, draft, by: caller.userID, key: key, in: tx),
                let contact: Contact = try await tx.first("SELECT \(Contact.columns) FROM contacts c WHERE c.id = \(id)")
            else { return .blacklisted }
            return .created(contact)
        }
    }

    /// The newest first: the caller's own, everybody's, or those that a listing names.
    func list(_ filter: Filter, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<Contact> {
        var conditions: [SQL] = ["c.merged_into IS NULL"]
        if let listing = filter.listing {
            conditions.append("c.id IN (SELECT l.contact_id FROM contact_listings l WHERE l.listing_id = \(listing))")
            conditions.append("(c.user_id IS NULL OR c.user_id = \(caller.userID))")
        } else {
            conditions.append(filter.scope == .own ? "c.user_id = \(caller.userID)" : "c.user_id IS NULL")
        }
        if let after = page.after { conditions.append("c.id < \(after)") }
        if let type = filter.type { conditions.append("c.contact_type = \(type)") }
        if let tag = filter.tag { conditions.append("c.tags @> \([tag])") }
        if let words = filter.words { conditions.append("to_tsvector('german', coalesce(c.name, '')) @@ websearch_to_tsquery('german', \(words))") }
        if let isActive = filter.isActive { conditions.append("c.is_active = \(isActive)") }
        let rows: [Contact] = try await postgres.all(
            as: caller,
            """
            SELECT \(Contact.columns) FROM contacts c WHERE \(SQL.joined(conditions, by: " AND ")) ORDER BY c.id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Contact? {
        try await postgres.first(as: caller, "SELECT \(Contact.columns) FROM contacts c WHERE c.id = \(id)")
    }

    enum Change: Sendable {
        case changed(Contact)
        case blacklisted
        case nothingLeft
        case notFound
    }

    /// Throws 412 when the contact has moved on since the version that the caller knows.
    func update(_ id: UUID, _ patch: ContactPatch, ifMatch version: Int64?, as caller: Caller) async throws -> Change {
        let key = try await intake.keys.key()
        return try await postgres.transaction(as: caller) { tx in
            guard let known = try await locked(id, in: tx) else { return .notFound }
            try known.contact.expect(version)
            var texts = try seals.values(of: known)
            var (name, confidence) = (known.contact.name, known.contact.fieldConfidence)
            for (field, text) in patch.texts {
                let value = text.flatMap { ContactValue(field, $0) }
                if field == .name { name = value?.text } else { texts[field] = value?.text }
                confidence[field.rawValue] = value == nil ? nil : 1
            }
            guard name != nil || !texts.isEmpty else { return .nothingLeft }
            let prints = texts.compactMap { ContactValue($0.key, $0.value) }.flatMap { Fingerprint.all(of: $0, under: key) }
            guard try await !isBlacklisted(patch, prints, in: tx) else { return .blacklisted }
            func stored(_ field: ContactField) throws -> Data? {
                patch.texts[field] == nil ? known.values[field] : try texts[field].map { try seals.seal($0, field) }
            }
            let e164 = patch.texts[.phone] == nil ? known.phoneE164 : try texts[.phone].flatMap { PhoneNumber($0)?.e164 }.map(seals.sealE164)
            let contact = known.contact
            let reason = patch.blacklistedReason ?? contact.blacklistedReason
            let updated: Contact? = try await tx.first(
                """
                UPDATE contacts c SET name = \(name), phone_encrypted = \(try stored(.phone)), phone_e164_encrypted = \(e164),
                    email_encrypted = \(try stored(.email)), address_encrypted = \(try stored(.address)),
                    website_encrypted = \(try stored(.website)), field_confidence = \(JSON(confidence)),
                    contact_type = \(patch.contactType ?? contact.contactType), lawful_basis = \(patch.lawfulBasis ?? contact.lawfulBasis),
                    tags = \(patch.tags ?? contact.tags), notes = \(patch.notes ?? contact.notes),
                    is_active = \(patch.isActive ?? contact.isActive) AND c.merged_into IS NULL, is_blacklisted = \(reason != nil),
                    blacklisted_reason = \(reason), blacklist_id = CASE WHEN \(patch.blacklistedReason == nil) THEN blacklist_id END,
                    updated_by = \(caller.userID)
                WHERE id = \(id) RETURNING \(Contact.columns)
                """)
            guard let updated else { return .notFound }
            try await intake.setFingerprints(of: id, prints, in: tx)
            return .changed(updated)
        }
    }

    /// What is new must not be on the blacklist; what is there already is dealt with by the list itself.
    private func isBlacklisted(_ patch: ContactPatch, _ prints: [Fingerprint], in tx: Transaction) async throws -> Bool {
        guard patch.texts.contains(where: { $0.value != nil && $0.key != .name }) else { return false }
        let listed = try await tx.value("SELECT count(*) FROM contact_blacklist WHERE hash = ANY (\(prints.map(\.hash)))", as: Int.self)
        return listed ?? 0 > 0
    }

    /// False when there is no such contact that the caller may delete. What was merged into it goes along.
    func delete(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            guard let known = try await locked(id, in: tx) else { return false }
            try known.contact.expect(version)
            let gone = try await tx.rows(
                """
                WITH RECURSIVE involved (id) AS (
                    SELECT \(id)::uuid UNION SELECT c.id FROM involved i JOIN contacts c ON c.merged_into = i.id)
                DELETE FROM contacts WHERE id IN (SELECT id FROM involved) RETURNING id
                """)
            for row in gone { try await tx.publish(ContactErased(contactID: try row["id"], reason: "owner")) }
            return true
        }
    }

    enum Revelation: Sendable {
        case values(RevealedContact)
        case blacklisted
        case notFound
    }

    /// The values, opened for whoever may read them; that they were read, and what for, is told in the same transaction.
    func reveal(_ id: UUID, purpose: String, as caller: Caller) async throws -> Revelation {
        try await postgres.transaction(as: caller) { tx in
            let known: SealedContact? = try await tx.first("SELECT \(SealedContact.columns) FROM contacts c WHERE c.id = \(id)")
            guard let known else { return .notFound }
            guard !known.contact.isBlacklisted else { return .blacklisted }
            let opened = try seals.values(of: known)
            let values = RevealedContact(
                id: id, name: known.contact.name, phone: opened[.phone], phoneE164: try known.phoneE164.map(seals.openE164), email: opened[.email],
                address: opened[.address], website: opened[.website])
            let fields = opened.keys.map(\.rawValue).sorted()
            try await tx.publish(ContactRevealed(contactID: id, userID: caller.userID, fields: fields, purpose: purpose))
            return .values(values)
        }
    }

    /// Somebody has looked, called or written, and it is right.
    func verify(_ id: UUID, notes: String?, ifMatch version: Int64?, as caller: Caller) async throws -> Contact? {
        try await postgres.transaction(as: caller) { tx in
            guard let known = try await locked(id, in: tx) else { return nil }
            try known.contact.expect(version)
            return try await tx.first(
                """
                UPDATE contacts c SET is_verified = true, verification_method = 'manual', verification_date = now(), verification_notes = \(notes),
                    updated_by = \(caller.userID)
                WHERE id = \(id) RETURNING \(Contact.columns)
                """)
        }
    }

    /// The caller has turned to them.
    func contacted(_ id: UUID, as caller: Caller) async throws -> Contact? {
        try await postgres.transaction(as: caller) { tx in
            try await tx.first(
                """
                UPDATE contacts c SET last_contacted = now(), times_contacted = times_contacted + 1, updated_by = \(caller.userID)
                WHERE id = \(id) RETURNING \(Contact.columns)
                """)
        }
    }

    private func locked(_ id: UUID, in tx: Transaction) async throws -> SealedContact? {
        try await tx.first("SELECT \(SealedContact.columns) FROM contacts c WHERE c.id = \(id) FOR UPDATE OF c")
    }
}
