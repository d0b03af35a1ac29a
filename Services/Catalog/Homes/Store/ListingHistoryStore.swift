import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What became of listings.
struct ListingHistoryStore {
    let postgres: Postgres

    /// Notes what a sighting has made of a listing, each as a row and an event, and tells those who keep it. The listing is locked.
    static func note(_ changes: [ListingChange], of listing: ListingSnapshot, at time: Date, in tx: Transaction) async throws {
        guard !changes.isEmpty else { return }
        _ = try await tx.batch(changes.map { row($0, of: listing.id, at: time) })
        try await tx.publish(changes.map { event($0, of: listing, at: time) })
        try await FavoriteNews.tell(changes, of: listing, at: time, in: tx)
    }

    /// One page, newest first; nil when there is no such listing that anybody may see.
    func history(of listing: UUID, kind: ListingHistoryKind?, page: PageRequest<UUID>) async throws -> Page<ListingHistoryEntry>? {
        let isKind: SQL = kind.map { "AND h.kind = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND h.id < \($0)" } ?? ""
        let answers = try await postgres.batch(
            as: nil,
            [
                "SELECT 1 FROM listings WHERE id = \(listing) AND removed_at IS NULL",
                """
                SELECT \(ListingHistoryEntry.columns) FROM listing_history h WHERE h.listing_id = \(listing) \(isKind) \(after)
                ORDER BY h.id DESC LIMIT \(page.limit + 1)
                """,
            ])
        guard !answers[0].isEmpty else { return nil }
        return Page(try answers[1].map { try ListingHistoryEntry(row: $0) }, limit: page.limit) { $0.id }
    }

    private static func row(_ change: ListingChange, of listing: UUID, at time: Date) -> SQL {
        switch change {
        case .price(let before, let after):
            """
            INSERT INTO listing_history (listing_id, kind, happened_at, price_before, price_after)
            VALUES (\(listing), 'price_changed', \(time), \(JSON(before)), \(JSON(after)))
            """
        case .status(let before, let after, let reason):
            """
            INSERT INTO listing_history (listing_id, kind, happened_at, status_before, status_after, reason)
            VALUES (\(listing), 'status_changed', \(time), \(before), \(after), \(reason))
            """
        case .relisted(let previous, let goneSince):
            """
            INSERT INTO listing_history (listing_id, kind, happened_at, previous_listing_id, gone_since)
            VALUES (\(listing), 'relisted', \(time), \(previous), \(goneSince))
            """
        }
    }

    private static func event(_ change: ListingChange, of listing: ListingSnapshot, at time: Date) -> any Event {
        switch change {
        case .price(let before, let after): ListingPriceChanged(listing: listing, before: before, after: after, happenedAt: time)
        case .status(let before, let after, let reason):
            ListingStatusChanged(
                listingID: listing.id, homeID: listing.homeID ?? listing.id, before: before.rawValue, after: after.rawValue,
                reason: reason.rawValue, happenedAt: time, version: listing.version)
        case .relisted(let previous, let goneSince):
            ListingRelisted(listing: listing, previousListingID: previous, goneSince: goneSince, happenedAt: time)
        }
    }
}
