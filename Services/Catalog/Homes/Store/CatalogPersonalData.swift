import Foundation
import Postgres
import ServiceKit

/// What catalog holds of people.
struct CatalogPersonalData: PersonalData {
    let searches: SearchCriteriaStore

    let tables = [
        PersonalTable(
            "search_criteria", alsoNaming: ["created_by", "updated_by"], omitting: ["city_keys", "excluded_city_keys", "excluded_district_keys"],
            erasure: .deleted),
        PersonalTable("listing_matches", key: ["listing_id", "search_id"], erasure: .deleted),
    ]

    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws { try await searches.deleteAll(of: user, in: tx) }
}
