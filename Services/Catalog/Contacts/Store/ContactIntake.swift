import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Takes in what was found: as a contact of its own, or as more of one that is known.
struct ContactIntake: Sendable {
    enum Outcome: String, Sendable {
        case created, updated, unchanged, refused
    }

    struct Recorded: Sendable {
        var contactID: UUID?
        var outcome: Outcome
        var reason: String?
        /// That another contact is the same one.
        var probability = 0.0
        var version: Int64 = 0
    }

    /// A listing without what may not be kept of its contact, and the contact that it states.
    struct Stated: Sendable {
        var listing: ReadListing
        var contact: FoundContact?
    }

    let keys: MatchingKeyStore
    let seals: ContactSeals
    /// How long a contact that nobody owns is kept after it was last seen.
    var retention: Duration = .seconds(180 * 86400)

    /// What a page states, less what is on the blacklist.
    func stated(by listing: ReadListing, at time: Date, in tx: Transaction) async throws -> Stated {
        let phone = open(listing.contactPhoneSealed, "catalog.listings.contact_phone")
        let email = open(listing.contactEmailSealed, "catalog.listings.contact_email")
        guard var found = FoundContact(listing, phone: phone, email: email, at: time) else { return Stated(listing: listing) }
        let stated = Set(found.values.values.filter { $0.field == .phone || $0.field == .email }.map(\.key))
        guard try await !removeBlacklisted(&found, key: keys.key(in: tx), in: tx) else {
            var silent = listing
            silent.description = listing.description.map { ContactRedaction.text($0, without: stated) }
            (silent.contactName, silent.contactPhoneSealed, silent.contactEmailSealed) = (nil, nil, nil)
            return Stated(listing: silent)
        }
        return Stated(listing: listing, contact: found)
    }

    /// Records what a stored listing states.
    func record(_ stated: Stated, in tx: Transaction) async throws {
        guard var found = stated.contact else { return }
        let (provider, number) = (stated.listing.provider, stated.listing.providerListingID)
        guard let listing = try await listing(provider, number, in: tx) else { return }
        found.listingID = listing
        let recorded = try await record(found, in: tx)
        guard recorded.outcome == .created else { return }
        try await tx.publish(event(recorded, result: nil, found))
    }

    /// The listing that a provider names so.
    func listing(_ provider: String, _ number: String, in tx: Transaction) async throws -> UUID? {
        try await tx.value("SELECT id FROM listings WHERE provider = \(provider) AND provider_listing_id = \(number)")
    }

    func event(_ recorded: Recorded, result: UUID?, _ found: FoundContact?) -> ContactRecorded {
        ContactRecorded(
            resultID: result, contactID: recorded.contactID, listingID: found?.listingID, userID: found?.userID, outcome: recorded.outcome.rawValue,
            reason: recorded.reason, duplicateProbability: recorded.probability, version: recorded.version)
    }

    /// Records a contact. In the same transaction its duplicates are proposed for merging.
    func record(_ found: FoundContact, in tx: Transaction) async throws -> Recorded {
        let key = try await keys.key(in: tx)
        var found = found
        if try await removeBlacklisted(&found, key: key, in: tx) { return Recorded(outcome: .refused, reason: "blacklisted") }
        guard !found.values.isEmpty else { return Recorded(outcome: .refused, reason: "nothing_left") }
        if let known = try await seenAgain(found, key: key, in: tx) { return known }
        try await lock(found, key: key, in: tx)
        let candidates = try await candidates(for: found, key: key, in: tx)
        if let same = candidates.first(where: \.probability.isSame), let root = try await root(of: same.sealed, in: tx) {
            return try await update(root, with: found, probability: same.probability.value, key: key, in: tx)
        }
        return try await create(found, by: nil, candidates, key: key, in: tx)
    }

    /// A contact that a person writes down: theirs alone, a new one whatever it is like. Nil when what it says is on the blacklist.
    func write(_ found: FoundContact, _ draft: ContactDraft, by user: UUID, key: MatchingKey, in tx: Transaction) async throws -> UUID? {
        var kept = found
        guard try await !removeBlacklisted(&kept, key: key, in: tx), kept.values == found.values else { return nil }
        try await lock(found, key: key, in: tx)
        let candidates = try await candidates(for: found, key: key, in: tx)
        let recorded = try await create(found, by: user, candidates, draft: draft, key: key, in: tx)
        return recorded.contactID
    }

    /// The candidates for being the same contact, the likeliest first.
    func candidates(for found: FoundContact, except: UUID? = nil, key: MatchingKey, in tx: Transaction) async throws -> [Candidate] {
        let hashes = found.fingerprints(under: key).filter { $0.kind != .domain }.map(\.hash)
        guard !hashes.isEmpty else { return [] }
        let rows = try await tx.rows(
            """
            SELECT \(SealedContact.columns), f.kinds FROM (
                SELECT contact_id, array_agg(kind) AS kinds FROM contact_fingerprints f
                JOIN contacts owned ON owned.id = f.contact_id AND owned.user_id IS NOT DISTINCT FROM \(found.userID)
                WHERE f.hash = ANY (\(hashes)) AND f.contact_id IS DISTINCT FROM \(except)
                GROUP BY contact_id ORDER BY count(*) DESC, contact_id DESC LIMIT 20
            ) f JOIN contacts c ON c.id = f.contact_id
            """)
        return try rows.map { try Candidate(SealedContact(row: $0), sharing: $0["kinds"], with: found) }
            .sorted { $0.probability.value > $1.probability.value }
    }

    struct Candidate: Sendable {
        var sealed: SealedContact
        var probability: DuplicateProbability

        init(_ sealed: SealedContact, sharing kinds: [String], with found: FoundContact) {
            self.sealed = sealed
            let fields = Set(kinds.compactMap(ContactField.init(rawValue:)))
            let contradicting = sealed.values.keys.filter { found.values[$0] != nil && !fields.contains($0) }
            probability = DuplicateProbability(
                shared: found.values.filter { fields.contains($0.key) }, contradicting: Set(contradicting), name: found.values[.name]?.text,
                otherName: sealed.contact.name)
        }
    }

    private func open(_ sealed: String?, _ context: String) -> String? {
        guard let data = sealed.flatMap({ Data(base64Encoded: $0) }) else { return nil }
        return try? seals.encryption.openString(Array(data), context: context)
    }

    /// Takes away what is on the blacklist; true when that is the contact itself: a number, an address for mail or the domain of one.
    private func removeBlacklisted(_ found: inout FoundContact, key: MatchingKey, in tx: Transaction) async throws -> Bool {
        let prints = found.values.mapValues { Fingerprint.all(of: $0, under: key) }
        let hashes = prints.values.flatMap { $0.map(\.hash) }
        guard !hashes.isEmpty else { return false }
        let rows = try await tx.rows("SELECT hash FROM contact_blacklist WHERE hash = ANY (\(hashes))")
        let listed = Set(try rows.map { row -> Data in try row["hash"] })
        let hit = prints.filter { $0.value.contains { listed.contains($0.hash) } }
        for field in hit.keys { found.values[field] = nil }
        found.fieldConfidence = found.fieldConfidence.filter { found.values[$0.key] != nil }
        return hit[.phone] != nil || hit[.email] != nil
    }

    /// The commonest case: a listing states what it stated before. Its contact is kept for longer; once an hour that is written down.
    private func seenAgain(_ found: FoundContact, key: MatchingKey, in tx: Transaction) async throws -> Recorded? {
        guard let listing = found.listingID else { return nil }
        let row = try await tx.rows(
            """
            SELECT c.id, c.version, c.merged_into, l.last_seen_at < \(found.foundAt) - interval '1 hour' AS is_news
            FROM contact_listings l JOIN contacts c ON c.id = l.contact_id
            WHERE l.listing_id = \(listing) AND l.stated_hash = \(found.statedHash(under: key)) AND l.user_id IS NOT DISTINCT FROM \(found.userID)
            ORDER BY c.merged_into IS NOT NULL LIMIT 1
            """
        ).first
        guard let row else { return nil }
        let id: UUID = try row["id"]
        if try row["is_news"] {
            try await tx.execute(
                "UPDATE contact_listings SET last_seen_at = \(found.foundAt) WHERE contact_id = \(id) AND listing_id = \(listing)")
            try await tx.execute("UPDATE contacts SET retain_until = \(end(found)) WHERE id = \(id) AND retain_until < \(end(found))")
        }
        return Recorded(contactID: id, outcome: .unchanged, probability: 1, version: try row["version"])
    }

    /// Two that find one person at once wait for one another, so that there is one contact afterwards.
    private func lock(_ found: FoundContact, key: MatchingKey, in tx: Transaction) async throws {
        let numbers = found.fingerprints(under: key).filter { $0.kind == .phone || $0.kind == .email }.map { print in
            print.hash.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        _ = try await tx.rows("SELECT pg_advisory_xact_lock(number) FROM unnest(\(numbers.sorted())::bigint[]) AS number")
    }

    /// The contact that this one was merged into, locked; itself when it was not.
    private func root(of sealed: SealedContact, in tx: Transaction) async throws -> SealedContact? {
        var id = sealed.contact.id
        for _ in 0..<16 {
            let row: SealedContact? = try await tx.first("SELECT \(SealedContact.columns) FROM contacts c WHERE c.id = \(id) FOR NO KEY UPDATE OF c")
            guard let row, let next = row.contact.mergedInto else { return row }
            id = next
        }
        return nil
    }

    private func end(_ found: FoundContact) -> Date { found.foundAt.addingTimeInterval(Double(retention.components.seconds)) }

    private func create(
        _ found: FoundContact, by user: UUID?, _ candidates: [Candidate], draft: ContactDraft? = nil, key: MatchingKey, in tx: Transaction
    ) async throws -> Recorded {
        let id = UUID.v7()
        let phone = found.values[.phone]
        let isVerified = found.isValidated
        try await tx.execute(
            """
            INSERT INTO contacts (
                id, user_id, name, phone_encrypted, phone_e164_encrypted, email_encrypted, address_encrypted, website_encrypted, contact_type,
                source_provider, confidence_score, field_confidence, is_verified, verification_method, verification_date, tags, notes, lawful_basis,
                retain_until, created_by, updated_by, extraction_method, extraction_confidence, source_listing_id, extraction_date)
            VALUES (
                \(id), \(found.userID), \(found.values[.name]?.text), \(try sealed(found, .phone)), \(try phone.map { try seals.sealE164($0.key) }),
                \(try sealed(found, .email)), \(try sealed(found, .address)), \(try sealed(found, .website)), \(found.type), \(found.provider),
                \(Self.hundredths(found.confidence)), \(JSON(found.confidenceByName)), \(isVerified),
                \(isVerified ? VerificationMethod.automated : nil), \(isVerified ? found.foundAt : nil), \(draft?.tags ?? []), \(draft?.notes),
                \(draft?.lawfulBasis ?? .legitimateInterests), \(draft == nil ? end(found) : nil), \(user), \(user), \(found.method),
                \(Self.hundredths(found.confidence)), \(found.listingID), \(found.foundAt))
            """)
        try await name(id, in: found, key: key, in: tx)
        try await setFingerprints(of: id, found.fingerprints(under: key), in: tx)
        for candidate in candidates.prefix(5) where candidate.probability.value >= DuplicateProbability.worthAsking {
            let known = candidate.sealed.contact
            try await tx.execute(
                """
                INSERT INTO contact_merges (id, contact_id, duplicate_id, user_id, probability, reasons)
                VALUES (\(UUID.v7()), \(known.mergedInto ?? known.id), \(id), \(found.userID), \(Self.hundredths(candidate.probability.value)),
                        \(JSON(candidate.probability.reasons)))
                ON CONFLICT DO NOTHING
                """)
        }
        return Recorded(contactID: id, outcome: .created, probability: candidates.first?.probability.value ?? 0, version: 1)
    }

    private func update(
        _ known: SealedContact, with found: FoundContact, probability: Double, key: MatchingKey, in tx: Transaction
    ) async throws -> Recorded {
        let before = known.contact
        var texts = try seals.values(of: known)
        var confidence = before.fieldConfidence
        var (name, variations) = (before.name, before.nameVariations)
        var changed: Set<ContactField> = []
        for (field, value) in found.values {
            let trust = found.fieldConfidence[field] ?? 0
            if field == .name {
                if name == nil {
                    name = value.text
                    changed.insert(field)
                } else if name != value.text, !variations.contains(value.text), variations.count < 20 {
                    variations.append(value.text)
                    changed.insert(field)
                }
            } else if let old = texts[field].flatMap({ ContactValue(field, $0) }) {
                // What a person has checked is not overruled by a page, nor what is surer by what is less so.
                guard old.key != value.key, before.verificationMethod != .manual, trust >= confidence[field.rawValue] ?? 0 else { continue }
                texts[field] = value.text
                changed.insert(field)
            } else {
                texts[field] = value.text
                changed.insert(field)
            }
            confidence[field.rawValue] = max(trust, changed.contains(field) ? 0 : confidence[field.rawValue] ?? 0)
        }
        let verification = verification(of: before, seenIn: found)
        let isNews = !changed.isEmpty || verification != nil
        if isNews {
            let values = texts
            func stored(_ field: ContactField) throws -> Data? {
                changed.contains(field) ? try values[field].map { try seals.seal($0, field) } : known.values[field]
            }
            let e164 = changed.contains(.phone) ? try values[.phone].flatMap { PhoneNumber($0)?.e164 }.map(seals.sealE164) : known.phoneE164
            try await tx.execute(
                """
                UPDATE contacts SET name = \(name), name_variations = \(variations), phone_encrypted = \(try stored(.phone)),
                    phone_e164_encrypted = \(e164), email_encrypted = \(try stored(.email)), address_encrypted = \(try stored(.address)),
                    website_encrypted = \(try stored(.website)), field_confidence = \(JSON(confidence)),
                    confidence_score = greatest(confidence_score, \(Self.hundredths(found.confidence))),
                    is_verified = is_verified OR \(verification != nil), verification_method = coalesce(verification_method, \(verification)),
                    verification_date = coalesce(verification_date, \(verification == nil ? nil : found.foundAt)),
                    extraction_date = \(found.foundAt)
                WHERE id = \(before.id)
                """)
            try await setFingerprints(
                of: before.id, values.compactMap { ContactValue($0.key, $0.value) }.flatMap { Fingerprint.all(of: $0, under: key) }, in: tx)
        }
        try await tx.execute("UPDATE contacts SET retain_until = \(end(found)) WHERE id = \(before.id) AND retain_until < \(end(found))")
        try await self.name(before.id, in: found, key: key, in: tx)
        return Recorded(
            contactID: before.id, outcome: isNews ? .updated : .unchanged, probability: probability, version: before.version + (isNews ? 1 : 0))
    }

    /// A machine's check, or a second source that says the same.
    private func verification(of contact: Contact, seenIn found: FoundContact) -> VerificationMethod? {
        guard !contact.isVerified else { return nil }
        if found.isValidated { return .automated }
        return found.provider == contact.sourceProvider ? nil : .crossReference
    }

    private func sealed(_ found: FoundContact, _ field: ContactField) throws -> Data? {
        try found.values[field].map { try seals.seal($0.text, field) }
    }

    /// Writes down that a listing names the contact.
    private func name(_ contact: UUID, in found: FoundContact, key: MatchingKey, in tx: Transaction) async throws {
        guard let listing = found.listingID else { return }
        try await tx.execute(
            """
            INSERT INTO contact_listings (contact_id, listing_id, user_id, stated_hash, first_seen_at, last_seen_at)
            VALUES (\(contact), \(listing), \(found.userID), \(found.statedHash(under: key)), \(found.foundAt), \(found.foundAt))
            ON CONFLICT (contact_id, listing_id) DO UPDATE
                SET stated_hash = excluded.stated_hash, last_seen_at = greatest(contact_listings.last_seen_at, excluded.last_seen_at)
            """)
    }

    func setFingerprints(of contact: UUID, _ prints: [Fingerprint], in tx: Transaction) async throws {
        let hashes = prints.map(\.hash)
        try await tx.execute("DELETE FROM contact_fingerprints WHERE contact_id = \(contact) AND NOT hash = ANY (\(hashes))")
        try await tx.execute(
            """
            INSERT INTO contact_fingerprints (contact_id, kind, hash)
            SELECT \(contact), kind, hash FROM unnest(\(prints.map(\.kind.rawValue))::text[], \(hashes)::bytea[]) AS print (kind, hash)
            ON CONFLICT DO NOTHING
            """)
    }

    static func hundredths(_ value: Double) -> Decimal { Decimal(Int((value * 100).rounded())) / 100 }
}
