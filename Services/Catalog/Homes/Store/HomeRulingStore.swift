import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// What moderators rule about homes.
struct HomeRulingStore {
    enum Refusal: Error {
        case unknownListings
        /// They are one home, or two, already.
        case nothingToDo
        case undone
        /// A later ruling has moved one of them.
        case overruled
    }

    let postgres: Postgres

    /// Applies a ruling: joined listings get the home of the first one named, split ones a new home. No likeness moves them afterwards. Throws `Refusal`.
    func rule(_ body: HomeRulingBody, as caller: Caller) async throws -> HomeRuling {
        try await postgres.transaction(as: caller, retries: 3) { tx in
            let listings = try await hold(body.listingIDs, in: tx)
            guard listings.count == body.listingIDs.count else { throw Refusal.unknownListings }
            let homes = Set(listings.map(\.homeID))
            let home = body.ruling == .joined ? listings[0].homeID : UUID.v7()
            switch body.ruling {
            case .joined: if homes.count == 1 { throw Refusal.nothingToDo }
            case .split:
                // All of a home's listings cannot be split from it.
                guard homes.count == 1, try await others(than: body.listingIDs, in: listings[0].homeID, tx) else { throw Refusal.nothingToDo }
            }
            try await move(listings.map { ($0.id, home, true) }, in: tx)
            let ruling: HomeRuling? = try await tx.first(
                """
                INSERT INTO home_rulings (ruling, home_id, listing_ids, homes_before, pins_before, reason)
                VALUES (\(body.ruling), \(home), \(listings.map(\.id)), \(listings.map(\.homeID)), \(listings.map(\.isPinned)), \(body.reason))
                RETURNING \(HomeRuling.columns)
                """)
            guard let ruling else { throw Refusal.nothingToDo }
            try await tx.publish(
                HomeChanged(
                    homeID: home, change: body.ruling.rawValue, listingIDs: ruling.listingIDs, before: ruling.homesBefore, reason: "moderator",
                    likeness: nil))
            return ruling
        }
    }

    /// Gives the listings the homes they had before. Nil when there is no such ruling; throws `Refusal` when it is undone already or overruled.
    func undo(_ id: UUID, ifMatch version: Int64?, as caller: Caller) async throws -> HomeRuling? {
        try await postgres.transaction(as: caller, retries: 3) { tx in
            guard let known: HomeRuling = try await tx.first("SELECT \(HomeRuling.columns) FROM home_rulings WHERE id = \(id) FOR UPDATE")
            else { return nil }
            try known.expect(version)
            guard known.undoneAt == nil else { throw Refusal.undone }
            let pins: [Bool] = try await tx.value("SELECT pins_before FROM home_rulings WHERE id = \(id)") ?? []
            let listings = try await hold(known.listingIDs, in: tx)
            guard listings.allSatisfy({ $0.homeID == known.homeID }) else { throw Refusal.overruled }
            let before = Dictionary(uniqueKeysWithValues: zip(known.listingIDs, zip(known.homesBefore, pins)))
            try await move(listings.compactMap { listing in before[listing.id].map { (listing.id, $0.0, $0.1) } }, in: tx)
            let undone: HomeRuling? = try await tx.first(
                "UPDATE home_rulings SET undone_at = now() WHERE id = \(id) RETURNING \(HomeRuling.columns)")
            for (home, listings) in Dictionary(grouping: listings, by: { before[$0.id]?.0 ?? $0.homeID }) {
                try await tx.publish(
                    HomeChanged(
                        homeID: home, change: (known.ruling == .joined ? HomeRuling.Kind.split : .joined).rawValue, listingIDs: listings.map(\.id),
                        before: listings.map { _ in known.homeID }, reason: "undone", likeness: nil))
            }
            return undone
        }
    }

    /// One page, newest first.
    func list(home: UUID?, page: PageRequest<UUID>, as caller: Caller) async throws -> Page<HomeRuling> {
        let ofHome: SQL = home.map { "home_id = \($0)" } ?? "true"
        let after: SQL = page.after.map { "AND id < \($0)" } ?? ""
        let rows: [HomeRuling] = try await postgres.all(
            as: caller, "SELECT \(HomeRuling.columns) FROM home_rulings WHERE \(ofHome) \(after) ORDER BY id DESC LIMIT \(page.limit + 1)")
        return Page(rows, limit: page.limit) { $0.id }
    }

    /// A home with its listings, those seen last first; nil when none of them may be seen.
    func home(_ id: UUID) async throws -> Home? {
        let listings: [Listing] = try await postgres.all(
            """
            SELECT \(Listing.columns) FROM listings WHERE home_id = \(id) AND removed_at IS NULL
            ORDER BY last_seen_at DESC, id LIMIT \(Home.mostListings)
            """)
        return listings.isEmpty ? nil : Home(id: id, listings: listings)
    }

    /// What became of a home: the histories of its listings, newest first; nil when none of them may be seen.
    func history(of home: UUID, kind: ListingHistoryKind?, page: PageRequest<UUID>) async throws -> Page<ListingHistoryEntry>? {
        let isKind: SQL = kind.map { "AND h.kind = \($0)" } ?? ""
        let after: SQL = page.after.map { "AND h.id < \($0)" } ?? ""
        let answers = try await postgres.batch(
            as: nil,
            [
                "SELECT 1 FROM listings WHERE home_id = \(home) AND removed_at IS NULL LIMIT 1",
                """
                SELECT \(ListingHistoryEntry.columns)
                FROM (SELECT id FROM listings WHERE home_id = \(home) AND removed_at IS NULL ORDER BY last_seen_at DESC, id LIMIT \(Home.mostListings)) AS l
                CROSS JOIN LATERAL (
                    SELECT * FROM listing_history h WHERE h.listing_id = l.id \(isKind) \(after) ORDER BY h.id DESC LIMIT \(page.limit + 1)) AS h
                ORDER BY h.id DESC LIMIT \(page.limit + 1)
                """,
            ])
        guard !answers[0].isEmpty else { return nil }
        return Page(try answers[1].map { try ListingHistoryEntry(row: $0) }, limit: page.limit) { $0.id }
    }

    /// The listings, locked in the order of their ids and given in the order named.
    private func hold(_ ids: [UUID], in tx: Transaction) async throws -> [Held] {
        let held: [Held] = try await tx.all(
            "SELECT id, home_id, home_pinned FROM listings WHERE id = ANY (\(ids)) AND removed_at IS NULL ORDER BY id FOR NO KEY UPDATE")
        let byID = Dictionary(uniqueKeysWithValues: held.map { ($0.id, $0) })
        return ids.compactMap { byID[$0] }
    }

    private func others(than ids: [UUID], in home: UUID, _ tx: Transaction) async throws -> Bool {
        try await tx.value("SELECT EXISTS (SELECT 1 FROM listings WHERE home_id = \(home) AND id <> ALL (\(ids)))") ?? false
    }

    private func move(_ moves: [(listing: UUID, home: UUID, isPinned: Bool)], in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE listings SET home_id = moved.home, home_pinned = moved.pinned, version = version + 1
            FROM unnest(\(moves.map(\.listing))::uuid[], \(moves.map(\.home))::uuid[], \(moves.map(\.isPinned))::boolean[]) AS moved (listing, home, pinned)
            WHERE listings.id = moved.listing
            """)
    }

    private struct Held: RowDecodable {
        var id: UUID
        var homeID: UUID
        var isPinned: Bool

        init(row: Row) throws {
            id = try row["id"]
            homeID = try row["home_id"]
            isPinned = try row["home_pinned"]
        }
    }
}
