import Foundation
import Postgres
import Redis
import ServiceKit

/// Reading listings. They are public: every row that moderators have not removed may be read by anyone.
struct ListingStore {
    let postgres: Postgres
    let cache: Cache

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
}
