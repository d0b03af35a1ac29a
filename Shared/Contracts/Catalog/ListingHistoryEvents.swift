import Foundation
import Messaging

/// What a listing asks for: amounts per month but for the deposit, in `currency`. What its page does not state is nil.
public struct ListingPrice: Codable, Sendable, Hashable {
    public var rentNetto: Decimal?
    public var rentBrutto: Decimal?
    public var additionalCosts: Decimal?
    public var deposit: Decimal?
    public var currency: String

    public init(rentNetto: Decimal?, rentBrutto: Decimal?, additionalCosts: Decimal?, deposit: Decimal?, currency: String) {
        self.rentNetto = rentNetto
        self.rentBrutto = rentBrutto
        self.additionalCosts = additionalCosts
        self.deposit = deposit
        self.currency = currency
    }

    enum CodingKeys: String, CodingKey {
        case rentNetto = "rent_netto"
        case rentBrutto = "rent_brutto"
        case additionalCosts = "additional_costs"
        case deposit, currency
    }
}

/// A sighting found another price than the one before. A fact that was stated for the first time counts as a change too: nothing was known before.
public struct ListingPriceChanged: Event {
    public static let name = "catalog.listing.price_changed.v1"
    public var listing: ListingSnapshot
    public var before: ListingPrice
    public var after: ListingPrice
    /// When it was seen.
    public var happenedAt: Date
    public var subject: UUID { listing.id }
    public var aggregateVersion: Int64? { listing.version }
    public init(listing: ListingSnapshot, before: ListingPrice, after: ListingPrice, happenedAt: Date) {
        self.listing = listing
        self.before = before
        self.after = after
        self.happenedAt = happenedAt
    }
    enum CodingKeys: String, CodingKey {
        case listing, before, after
        case happenedAt = "happened_at"
    }
}

/// A listing is on offer, or is not any more: `active`, `inactive` (not seen for a while) or `archived` (not seen for long).
public struct ListingStatusChanged: Event {
    public static let name = "catalog.listing.status_changed.v1"
    public var listingID: UUID
    public var homeID: UUID
    public var before: String
    public var after: String
    /// `unseen`, `seen_again`
    public var reason: String
    public var happenedAt: Date
    public var version: Int64
    public var subject: UUID { listingID }
    public var aggregateVersion: Int64? { version }
    public init(listingID: UUID, homeID: UUID, before: String, after: String, reason: String, happenedAt: Date, version: Int64) {
        self.listingID = listingID
        self.homeID = homeID
        self.before = before
        self.after = after
        self.reason = reason
        self.happenedAt = happenedAt
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case listingID = "listing_id"
        case homeID = "home_id"
        case before, after, reason
        case happenedAt = "happened_at"
        case version
    }
}

/// A home that was gone is on offer again: its listing came back, or the home has a new listing.
public struct ListingRelisted: Event {
    public static let name = "catalog.listing.relisted.v1"
    public var listing: ListingSnapshot
    /// The listing that was gone, when it is another one.
    public var previousListingID: UUID?
    /// When what was gone was last seen.
    public var goneSince: Date
    public var happenedAt: Date
    public var subject: UUID { listing.id }
    public var aggregateVersion: Int64? { listing.version }
    public init(listing: ListingSnapshot, previousListingID: UUID?, goneSince: Date, happenedAt: Date) {
        self.listing = listing
        self.previousListingID = previousListingID
        self.goneSince = goneSince
        self.happenedAt = happenedAt
    }
    enum CodingKeys: String, CodingKey {
        case listing
        case previousListingID = "previous_listing_id"
        case goneSince = "gone_since"
        case happenedAt = "happened_at"
    }
}
