import Foundation
import Postgres
import ServiceKit

/// What catalog holds of people.
struct CatalogPersonalData: PersonalData {
    let searches: SearchCriteriaStore

    let tables = [
        PersonalTable(
            "search_criteria", alsoNaming: ["created_by", "updated_by"],
            omitting: ["city_keys", "excluded_city_keys", "excluded_district_keys", "district_keys"],
            erasure: .deleted),
        PersonalTable("listing_matches", key: ["listing_id", "search_id"], erasure: .deleted),
        // The sealed values are shown by /v1/contacts/{id}/reveal, one by one.
        PersonalTable(
            "contacts", alsoNaming: ["created_by", "updated_by"],
            omitting: ["phone_encrypted", "phone_e164_encrypted", "email_encrypted", "address_encrypted", "website_encrypted"], erasure: .deleted),
        PersonalTable("contact_listings", key: ["contact_id", "listing_id"], omitting: ["stated_hash"], erasure: .deleted),
        PersonalTable("contact_merges", alsoNaming: ["decided_by"], omitting: ["undo"], erasure: .deleted),
        PersonalTable(
            "contact_blacklist", person: "created_by", omitting: ["hash"], isExported: false,
            erasure: .anonymised("What is on the blacklist stays there; who put it there is forgotten.")),
        PersonalTable(
            "contact_objections", person: "decided_by", omitting: ["value_sealed", "hash"], isExported: false,
            erasure: .anonymised("What was decided for somebody else stays; who decided it is forgotten.")),
        PersonalTable("user_favorites", erasure: .deleted),
        PersonalTable("application_letters", key: ["user_id"], erasure: .deleted),
        PersonalTable("home_applications", erasure: .deleted),
        PersonalTable(
            "seekers", key: ["user_id"],
            erasure: .anonymised("The number of a person who is gone, and nothing else, so that late news do not bring them back.")),
    ]

    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws {
        try await searches.deleteAll(of: user, in: tx)
        try await ContactUpkeepStore(postgres: searches.postgres).eraseAll(of: user, in: tx)
        try await FavoriteStore.deleteAll(of: user, in: tx)
        try await ApplicationStore.deleteAll(of: user, in: tx)
        try await SeekerStore().forget(user, version: version, in: tx)
    }
}
