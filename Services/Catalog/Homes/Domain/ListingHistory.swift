import Contracts
import Foundation
import Postgres
import ServiceKit

enum ListingHistoryKind: String, PostgresEnumeration, WireEnumeration, QueryValue {
    case priceChanged = "price_changed"
    case statusChanged = "status_changed"
    case relisted
}

enum ListingStatus: String, PostgresEnumeration, WireEnumeration {
    case active, inactive, archived

    init(isActive: Bool, isArchived: Bool) { self = isArchived ? .archived : isActive ? .active : .inactive }
}

enum StatusReason: String, PostgresEnumeration, WireEnumeration {
    case unseen
    case seenAgain = "seen_again"
}

/// Something that became of a listing, as it is answered. Which of the optional members are there follows from the kind.
struct ListingHistoryEntry: Codable, Sendable, RowDecodable {
    var id: UUID
    var listingID: UUID
    var kind: ListingHistoryKind
    var happenedAt: Date
    var priceBefore: ListingPrice?
    var priceAfter: ListingPrice?
    var statusBefore: ListingStatus?
    var statusAfter: ListingStatus?
    var reason: StatusReason?
    var previousListingID: UUID?
    var goneSince: Date?

    static let columns: SQL = """
        h.id, h.listing_id, h.kind, h.happened_at, h.price_before, h.price_after, h.status_before, h.status_after, h.reason, h.previous_listing_id,
        h.gone_since
        """

    init(row: Row) throws {
        id = try row["id"]
        listingID = try row["listing_id"]
        kind = try row["kind"]
        happenedAt = try row["happened_at"]
        priceBefore = try row.jsonIfPresent("price_before")
        priceAfter = try row.jsonIfPresent("price_after")
        statusBefore = try row["status_before"]
        statusAfter = try row["status_after"]
        reason = try row["reason"]
        previousListingID = try row["previous_listing_id"]
        goneSince = try row["gone_since"]
    }

    enum CodingKeys: String, CodingKey {
        case id
        case listingID = "listing_id"
        case kind
        case happenedAt = "happened_at"
        case priceBefore = "price_before"
        case priceAfter = "price_after"
        case statusBefore = "status_before"
        case statusAfter = "status_after"
        case reason
        case previousListingID = "previous_listing_id"
        case goneSince = "gone_since"
    }
}
