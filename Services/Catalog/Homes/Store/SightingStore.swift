import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Writing listings as they are seen.
struct SightingStore {
    enum Outcome: Equatable {
        case created(UUID)
        case changed(UUID)
        case unchanged
    }

    let encryption: Encryption
    let homes = HomeStore()

    /// Stores a sighting and publishes what it changed. A sighting older than the last one seen (a retry may come late) changes nothing.
    ///
    /// What it changed of the price or the status is noted in the listing's history.
    func record(_ read: ReadListing, at time: Date, in tx: Transaction) async throws -> Outcome {
        let (seen, complaints) = read.fitted()
        guard !seen.title.isEmpty, (1...50).contains(seen.provider.unicodeScalars.count),
            (1...255).contains(seen.providerListingID.unicodeScalars.count)
        else { throw Unprocessable("a listing has a title, a provider and the provider's id") }
        for _ in 0..<2 {
            if let known = try await find(seen, in: tx) { return try await update(known, with: seen, complaints, at: time, in: tx) }
            if let created = try await insert(seen, complaints, at: time, in: tx) {
                try await settle(created, at: time, in: tx) { ListingCreated(listing: $0) }
                return .created(created.id)
            }
        }
        throw Unprocessable("the listing \(seen.provider)/\(seen.providerListingID) is deleted and made again as often as it is read")
    }

    private func find(_ seen: ReadListing, in tx: Transaction) async throws -> Known? {
        try await tx.first(
            """
            SELECT \(Listing.columns), image_hashes, encode(contact_phone_encrypted, 'base64') AS contact_phone_sealed,
                   encode(contact_email_encrypted, 'base64') AS contact_email_sealed
            FROM listings WHERE provider = \(seen.provider) AND provider_listing_id = \(seen.providerListingID) FOR NO KEY UPDATE
            """)
    }

    /// Nil when another transaction made it meanwhile.
    private func insert(_ seen: ReadListing, _ complaints: [String], at time: Date, in tx: Transaction) async throws -> ListingSnapshot? {
        try await tx.first(
            """
            INSERT INTO listings (id, provider, provider_listing_id, first_seen_at, last_seen_at, \(Self.factColumns))
            VALUES (\(UUID.v7()), \(seen.provider), \(seen.providerListingID), \(time), \(time), \(Self.factValues(seen, complaints)))
            ON CONFLICT (provider, provider_listing_id) DO NOTHING
            RETURNING \(ListingSnapshot.columns)
            """)
    }

    private func update(
        _ known: Known, with seen: ReadListing, _ complaints: [String], at time: Date, in tx: Transaction
    ) async throws -> Outcome {
        guard time >= known.lastSeenAt else {
            // Its facts are old, but it tells that the listing was there.
            try await tx.execute("UPDATE listings SET first_seen_at = \(time) WHERE id = \(known.id) AND first_seen_at > \(time)")
            return .unchanged
        }
        var sighting = Sighting(of: seen, on: known.facts)
        sighting.takeSealed(
            phone: try changed(seen.contactPhoneSealed, from: known.facts.contactPhoneSealed, context: "catalog.listings.contact_phone"),
            email: try changed(seen.contactEmailSealed, from: known.facts.contactEmailSealed, context: "catalog.listings.contact_email"))
        let isBack = known.status != .active
        guard !sighting.changedFields.isEmpty || isBack else {
            try await tx.execute("UPDATE listings SET last_seen_at = \(time) WHERE id = \(known.id)")
            return .unchanged
        }
        let snapshot: ListingSnapshot? = try await tx.first(
            """
            UPDATE listings SET (\(Self.factColumns)) = ROW(\(Self.factValues(sighting.facts, complaints))),
                is_active = true, is_archived = false, last_seen_at = \(time), version = version + 1
            WHERE id = \(known.id) RETURNING \(ListingSnapshot.columns)
            """)
        guard var snapshot else { return .unchanged }
        let changedFields = sighting.changedFields + (isBack ? ["is_active"] : [])
        snapshot = try await settle(snapshot, isNew: Self.tellsOfTheHome(changedFields), at: time, in: tx) { snapshot in
            ListingUpdated(listing: snapshot, changedFields: changedFields)
        }
        try await ListingHistoryStore.note(
            ListingChange.changes(from: known.facts, to: sighting.facts, status: known.status, lastSeenAt: known.lastSeenAt), of: snapshot, at: time,
            in: tx)
        return .changed(known.id)
    }

    /// Finds the listing's home before anything is told of it, so that it is told with its home, and nobody of a home that they know. Whoever tells of the
    /// same home waits until this is over.
    @discardableResult
    private func settle(
        _ listing: ListingSnapshot, isNew: Bool = true, at time: Date, in tx: Transaction, _ event: (ListingSnapshot) -> any Event
    ) async throws -> ListingSnapshot {
        var listing = listing
        let choice = isNew ? try await homes.settle(listing.id, at: time, in: tx) : nil
        if let choice { listing.homeID = choice.homeID }
        try await tx.publish([event(listing)])
        if let choice, let former = try await homes.former(of: listing.id, in: choice.homeID, since: time, in: tx) {
            try await ListingHistoryStore.note(
                [.relisted(previous: former.id, goneSince: former.goneSince)], of: listing, at: time, in: tx)
        }
        try await tx.execute("SELECT hold_home(\(listing.homeID ?? listing.id))")
        return listing
    }

    private static func tellsOfTheHome(_ fields: [String]) -> Bool { !deciding.isDisjoint(with: fields) }

    private static let deciding: Set<String> = [
        "title", "description", "property_type", "street", "house_number", "postal_code", "city", "district", "location", "rent_netto", "rent_brutto",
        "deposit", "rooms", "living_area", "floor", "image_hashes",
    ]

    /// The newly sealed value when what is inside differs, or nil.
    private func changed(_ seen: String?, from known: String?, context: String) throws -> String? {
        guard let seen, let new = Data(base64Encoded: seen) else { return nil }
        guard let known, let old = Data(base64Encoded: known, options: .ignoreUnknownCharacters) else { return seen }
        return try encryption.open(Array(new), context: context) == encryption.open(Array(old), context: context) ? nil : seen
    }

    private static let factColumns: SQL = """
        provider_url, provider_created_at, provider_updated_at, title, description, property_type, furnishing_level, street, house_number,
        postal_code, city, district, location, rent_netto, rent_brutto, additional_costs, deposit, currency, rooms, bedroom_count,
        bathroom_count, living_area, total_area, floor, total_floors, year_built, condition, available_from, available_until,
        lease_duration_min, lease_duration_max, images, virtual_tour_url, floor_plan_url, contact_name, contact_phone_encrypted,
        contact_email_encrypted, image_hashes, is_processed, processing_errors, last_processed_at
        """

    private static func factValues(_ facts: ReadListing, _ complaints: [String]) -> SQL {
        let errors = facts.processingErrors
        return """
            \(facts.providerURL), \(facts.providerCreatedAt), \(facts.providerUpdatedAt), \(facts.title), \(facts.description),
            \(facts.propertyType), \(facts.furnishingLevel), \(facts.street), \(facts.houseNumber), \(facts.postalCode), \(facts.city),
            \(facts.district), ST_SetSRID(ST_MakePoint(\(facts.longitude), \(facts.latitude)), 4326)::geography, \(facts.rentNetto),
            \(facts.rentBrutto), \(facts.additionalCosts), \(facts.deposit), \(facts.currency ?? "EUR"), \(facts.rooms),
            \(facts.bedroomCount)::integer, \(facts.bathroomCount)::integer, \(facts.livingArea), \(facts.totalArea), \(facts.floor),
            \(facts.totalFloors)::integer, \(facts.yearBuilt)::integer, \(facts.condition), \(facts.availableFrom)::date,
            \(facts.availableUntil)::date, \(facts.leaseDurationMin)::integer, \(facts.leaseDurationMax)::integer, \(facts.images),
            \(facts.virtualTourURL), \(facts.floorPlanURL), \(facts.contactName), decode(\(facts.contactPhoneSealed), 'base64'),
            decode(\(facts.contactEmailSealed), 'base64'), \(facts.imageHashes ?? []), \(errors.isEmpty), \(errors + complaints), now()
            """
    }

    /// A listing that has been seen before.
    private struct Known: RowDecodable {
        var id: UUID
        var facts: ReadListing
        var lastSeenAt: Date
        var status: ListingStatus

        init(row: Row) throws {
            let listing = try Listing(row: row)
            id = listing.id
            lastSeenAt = listing.lastSeenAt
            status = ListingStatus(isActive: listing.isActive, isArchived: listing.isArchived)
            facts = ReadListing(listing)
            facts.imageHashes = try row["image_hashes"]
            facts.contactPhoneSealed = try row["contact_phone_sealed"]
            facts.contactEmailSealed = try row["contact_email_sealed"]
        }
    }
}
