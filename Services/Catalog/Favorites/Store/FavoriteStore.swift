import Foundation
import Postgres
import ServiceKit

/// What people keep. Every statement runs as the caller, whom row-level security confines to their own.
struct FavoriteStore {
    static let maximumPerUser = 1_000

    enum Outcome {
        case added(Favorite)
        /// It was kept already, and is as it was.
        case known(Favorite)
        case noSuchListing
        case tooMany
    }

    let postgres: Postgres

    func add(_ new: NewFavorite, as caller: Caller) async throws -> Outcome {
        try await postgres.transaction(as: caller) { tx in
            // Two at once must not both become the thousandth.
            try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("favorites \(caller.userID.uuidString)"), 0))")
            let known: Favorite? = try await tx.first(
                "SELECT \(Favorite.columns) FROM user_favorites WHERE user_id = \(caller.userID) AND listing_id = \(new.listingID)")
            if let known { return .known(known) }
            let listing: UUID? = try await tx.value("SELECT id FROM listings WHERE id = \(new.listingID) AND removed_at IS NULL")
            guard listing != nil else { return .noSuchListing }
            let added: Favorite? = try await tx.first(
                """
                INSERT INTO user_favorites (id, user_id, listing_id, notes, tags)
                SELECT \(UUID.v7()), \(caller.userID), \(new.listingID), \(new.notes), \(new.tags ?? [])
                WHERE (SELECT count(*) FROM user_favorites WHERE user_id = \(caller.userID)) < \(Self.maximumPerUser)
                RETURNING \(Favorite.columns)
                """)
            return added.map(Outcome.added) ?? .tooMany
        }
    }

    func list(page: PageRequest<UUID>, as caller: Caller) async throws -> Page<Favorite> {
        let after: SQL = page.after.map { "AND id < \($0)" } ?? ""
        let rows: [Favorite] = try await postgres.all(
            as: caller,
            """
            SELECT \(Favorite.columns) FROM user_favorites WHERE user_id = \(caller.userID) \(after) ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
        return Page(rows, limit: page.limit) { $0.id }
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Favorite? {
        try await postgres.first(as: caller, "SELECT \(Favorite.columns) FROM user_favorites WHERE id = \(id)")
    }

    /// Nil when there is none; throws 412 when it has moved on.
    func update(_ id: UUID, _ patch: FavoritePatch, ifMatch version: Int64?, as caller: Caller) async throws -> Favorite? {
        try await postgres.transaction(as: caller) { tx in
            let known: Favorite? = try await tx.first("SELECT \(Favorite.columns) FROM user_favorites WHERE id = \(id) FOR NO KEY UPDATE")
            guard let known else { return nil }
            try known.expect(version)
            let notes = patch.notes ?? known.notes
            return try await tx.first(
                """
                UPDATE user_favorites SET notes = \(notes), tags = \(patch.tags ?? known.tags) WHERE id = \(id) RETURNING \(Favorite.columns)
                """)
        }
    }

    /// False when there is none.
    func delete(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> Bool {
        try await postgres.transaction(as: caller) { tx in
            let known: Favorite? = try await tx.first("SELECT \(Favorite.columns) FROM user_favorites WHERE id = \(id) FOR UPDATE")
            guard let known else { return false }
            try known.expect(version)
            return try await tx.execute("DELETE FROM user_favorites WHERE id = \(id)") > 0
        }
    }

    static func deleteAll(of user: UUID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM user_favorites WHERE user_id = \(user)")
    }
}
