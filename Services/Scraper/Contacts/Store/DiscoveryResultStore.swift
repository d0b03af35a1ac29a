import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What jobs have found, as people see it.
struct DiscoveryResultStore: Sendable {
    let postgres: Postgres
    let seals: ResultSeals

    /// The newest first.
    func list(_ job: UUID, status: ValidationStatus?, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<DiscoveryResult> {
        let status: SQL = status.map { "AND r.validation_status = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND r.id < \($0)" } ?? ""
        let rows: [DiscoveryResult] = try await postgres.all(
            as: caller,
            """
            SELECT \(DiscoveryResult.columns) FROM contact_discovery_results r WHERE r.job_id = \(job) \(status) \(after)
            ORDER BY r.id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> DiscoveryResult? {
        try await postgres.first(as: caller, "SELECT \(DiscoveryResult.columns) FROM contact_discovery_results r WHERE r.id = \(id)")
    }

    struct Revealed: Codable, Sendable {
        var id: UUID
        var fields: [String: String]
        /// Where the values stood.
        var excerpt: String?
    }

    /// The values, opened for whoever may read them; that they were read is told in the same transaction.
    func reveal(_ id: UUID, as caller: Caller) async throws -> Revealed? {
        try await postgres.transaction(as: caller) { tx in
            let sealed: DiscoveryWorkStore.Sealed? = try await tx.first(
                "SELECT \(DiscoveryWorkStore.Sealed.columns) FROM contact_discovery_results r WHERE r.id = \(id)")
            guard let sealed else { return nil }
            let values = try seals.open(sealed.values)
            let revealed = Revealed(
                id: id, fields: Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) }),
                excerpt: try seals.openExcerpt(sealed.excerpt))
            try await tx.publish(
                ContactResultRevealed(resultID: id, jobID: sealed.result.jobID, userID: caller.userID, fields: revealed.fields.keys.sorted()))
            return revealed
        }
    }

    /// What the catalog has made of a result.
    func recorded(_ event: ContactRecorded, in tx: Transaction) async throws {
        guard let result = event.resultID else { return }
        let isRefused = event.outcome == "refused"
        try await tx.execute(
            """
            UPDATE contact_discovery_results SET contact_id = \(event.contactID), listing_id = \(event.listingID), is_final = true,
                is_accepted = \(!isRefused), rejection_reason = \(isRefused ? event.reason ?? "refused" : nil),
                duplicate_probability = \(DiscoveryWorkStore.hundredths(event.duplicateProbability)),
                -- Who is shut out is not kept here either.
                extracted_fields = CASE WHEN \(isRefused) THEN '{}' ELSE extracted_fields END,
                raw_data = CASE WHEN \(isRefused) THEN '{}' ELSE raw_data END
            WHERE id = \(result)
            """)
    }

    /// Whoever does not want to be kept stands neither in the pages that named them nor in what was read from those.
    func erasePages(of listing: ContactErased.Listing, in tx: Transaction) async throws {
        let own: SQL = "provider = \(listing.provider) AND provider_listing_id = \(listing.providerListingID)"
        try await tx.execute("DELETE FROM contact_discovery_results WHERE \(own)")
        try await tx.execute(
            """
            DELETE FROM page_copies WHERE storage_path IN (
                SELECT a.storage_path FROM artifacts a JOIN content_extractions e ON e.artifact_id = a.id WHERE \(own))
            """)
        try await tx.execute("DELETE FROM artifacts WHERE id IN (SELECT artifact_id FROM content_extractions WHERE \(own))")
    }

    /// Whoever is no contact any more is no result either.
    func erased(_ contact: UUID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM contact_discovery_results WHERE contact_id = \(contact)")
    }
}
