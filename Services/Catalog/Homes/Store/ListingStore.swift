import Foundation
import Postgres
import Redis
import ServiceKit

/// Reading listings. They are public: every row that moderators have not removed may be read by anyone.
struct ListingStore {
    let postgres: Postgres
    let cache: Cache
    let epoch: SearchEpoch

    /// One listing as it is answered, from the cache (`listing:{id}`, an hour) or the database; nil when there is none, which is remembered
    /// too. The commonest question of all: a hit is neither decoded nor encoded.
    func find(_ id: UUID) async throws -> EncodedListing? {
        let bytes: [UInt8] = try await cache.value("listing:\(id.uuidString.lowercased())", ttl: .seconds(3600)) { [postgres] in
            let listing: EncodedListing? = try await postgres.first(
                "SELECT \(Listing.columns) FROM listings WHERE id = \(id) AND removed_at IS NULL")
            return listing?.bytes ?? []
        }
        return EncodedListing(bytes: bytes)
    }

    /// One page, newest first, of the active listings that fit; cached for five minutes under a hash of what was asked and
    /// the epoch, which ends when moderators remove or restore a listing.
    func search(_ filter: ListingFilter, page: PageRequest<UUID>) async throws -> Page<Listing> {
        try await cache.value(try key(filter, page), ttl: .seconds(300)) { [postgres] in
            let rows: [Listing] = try await postgres.all(
                """
                SELECT \(Listing.columns) FROM listings
                WHERE is_active AND \(SQL.joined(filter.conditions(after: page.after), by: " AND "))
                ORDER BY id DESC LIMIT \(page.limit + 1)
                """)
            return Page(rows, limit: page.limit) { $0.id }
        }
    }

    /// Listings are the same for everyone, so the caller's scope in the key is `public`.
    private func key(_ filter: ListingFilter, _ page: PageRequest<UUID>) throws -> String {
        let question = try JSONEncoder.hearth.encode(filter) + Data("public|\(epoch.number)|\(page.limit)|\(page.after?.uuidString ?? "")".utf8)
        return "search:\(UUID(namespace: "search", String(decoding: question, as: UTF8.self)).uuidString.lowercased())"
    }
}

extension ListingFilter {
    fileprivate func conditions(after: UUID?) -> [SQL] {
        var conditions: [SQL] = ["NOT is_archived AND removed_at IS NULL"]
        if let after { conditions.append("id < \(after)") }
        if let text { conditions.append("search_vector @@ websearch_to_tsquery('german', \(text))") }
        if let city { conditions.append("city_key = place_key(\(city))") }
        if let propertyType { conditions.append("property_type = \(propertyType)") }
        if let provider { conditions.append("provider = \(provider)") }
        if let minRent { conditions.append("rent_netto >= \(minRent)") }
        if let maxRent { conditions.append("rent_netto <= \(maxRent)") }
        if let minRooms { conditions.append("rooms >= \(minRooms)") }
        if let maxRooms { conditions.append("rooms <= \(maxRooms)") }
        if let minArea { conditions.append("living_area >= \(minArea)") }
        if let maxArea { conditions.append("living_area <= \(maxArea)") }
        return conditions
    }
}
