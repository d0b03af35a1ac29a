import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Listings that nobody has seen for a while are on offer no more.
struct ListingAgeStore {
    /// So many at a time: no lock is held for long.
    static let batch = 50

    let postgres: Postgres
    let matches: MatchStore

    /// Takes one batch of active listings that were last seen before `cutoff` off the market. Copies skip one another's rows. Returns how many it took.
    func retire(unseenSince cutoff: Date, now: Date) async throws -> Int {
        try await age(from: .active, to: .inactive, set: "is_active = false", where: "is_active AND NOT is_archived", cutoff, now)
    }

    /// Puts one batch of inactive listings that were last seen before `cutoff` into the archive.
    func archive(unseenSince cutoff: Date, now: Date) async throws -> Int {
        try await age(from: .inactive, to: .archived, set: "is_archived = true", where: "NOT is_active AND NOT is_archived", cutoff, now)
    }

    private func age(
        from before: ListingStatus, to after: ListingStatus, set change: SQL, where condition: SQL, _ cutoff: Date, _ now: Date
    ) async throws -> Int {
        try await postgres.transaction(as: ServiceCaller(), retries: 3) { tx in
            let aged: [Aged] = try await tx.all(
                """
                WITH due AS (
                    SELECT id FROM listings WHERE \(condition) AND last_seen_at < \(cutoff)
                    ORDER BY last_seen_at LIMIT \(Self.batch) FOR NO KEY UPDATE SKIP LOCKED
                ), aged AS (
                    UPDATE listings SET \(change), version = version + 1 FROM due WHERE listings.id = due.id
                    RETURNING listings.id, listings.home_id, listings.version
                ), noted AS (
                    INSERT INTO listing_history (listing_id, kind, happened_at, status_before, status_after, reason)
                    SELECT id, 'status_changed', \(now), \(before), \(after), 'unseen' FROM aged
                )
                SELECT id, home_id, version, EXISTS (SELECT 1 FROM listing_matches WHERE listing_id = aged.id) AS has_matches FROM aged ORDER BY id
                """)
            guard !aged.isEmpty else { return 0 }
            try await tx.publish(
                aged.map {
                    ListingStatusChanged(
                        listingID: $0.id, homeID: $0.homeID, before: before.rawValue, after: after.rawValue,
                        reason: StatusReason.unseen.rawValue, happenedAt: now, version: $0.version)
                })
            let kept: [ListingSnapshot] = try await tx.all(
                """
                SELECT \(ListingSnapshot.columns) FROM listings
                WHERE id = ANY (\(aged.map(\.id))) AND EXISTS (SELECT 1 FROM user_favorites WHERE listing_id = listings.id) ORDER BY id
                """)
            for listing in kept {
                try await FavoriteNews.tell([.status(before: before, after: after, reason: .unseen)], of: listing, at: now, in: tx)
            }
            // What is gone fits nobody any more.
            for listing in aged where listing.hasMatches { try await matches.score(listing: listing.id, in: tx) }
            return aged.count
        }
    }

    private struct Aged: RowDecodable {
        var id: UUID
        var homeID: UUID
        var version: Int64
        var hasMatches: Bool

        init(row: Row) throws {
            id = try row["id"]
            homeID = try row["home_id"]
            version = try row["version"]
            hasMatches = try row["has_matches"]
        }
    }
}
