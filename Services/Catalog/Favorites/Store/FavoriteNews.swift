import Contracts
import Foundation
import Messaging
import Postgres

/// Says to those who keep a listing what becomes of it, in the transaction that notes it.
enum FavoriteNews {
    /// So many people at a time, in memory and in one statement.
    static let page = 500

    static func tell(_ changes: [ListingChange], of listing: ListingSnapshot, at time: Date, in tx: Transaction) async throws {
        for change in changes {
            switch change {
            case .price(let before, let after):
                try await tell(of: listing, keptAs: [listing.id], in: tx) { id, user in
                    FavoriteChanged(
                        favoriteID: id, userID: user, change: .price, listing: listing, before: before, after: after, happenedAt: time)
                }
            case .status(_, .inactive, _):
                try await tell(of: listing, keptAs: [listing.id], in: tx) { id, user in
                    FavoriteChanged(favoriteID: id, userID: user, change: .gone, listing: listing, happenedAt: time)
                }
            // What comes back is relisted too, and what goes to the archive was gone before.
            case .status: break
            case .relisted(let previous, _):
                try await tell(of: listing, keptAs: [listing.id, previous].compactMap { $0 }, in: tx) { id, user in
                    FavoriteChanged(favoriteID: id, userID: user, change: .back, listing: listing, happenedAt: time)
                }
            }
        }
    }

    /// Once to each person, whichever of the listings they keep. Of what was removed nothing is said.
    private static func tell(
        of listing: ListingSnapshot, keptAs ids: [UUID], in tx: Transaction, _ event: (_ favorite: UUID, _ user: UUID) -> FavoriteChanged
    ) async throws {
        var last: UUID?
        while true {
            let beyond: SQL = last.map { "AND user_id > \($0)" } ?? ""
            let keepers = try await tx.rows(
                """
                SELECT DISTINCT ON (user_id) id, user_id FROM user_favorites
                WHERE listing_id = ANY (\(ids)) AND EXISTS (SELECT 1 FROM listings WHERE id = \(listing.id) AND removed_at IS NULL) \(beyond)
                ORDER BY user_id, id LIMIT \(page)
                """
            ).map { row in event(try row["id"], try row["user_id"]) }
            try await tx.publish(keepers)
            guard keepers.count == page else { return }
            last = keepers.last?.userID
        }
    }
}
