import Foundation
import Messaging

/// A listing was seen for the first time.
public struct ListingCreated: Event {
    public static let name = "catalog.listing.created.v1"
    public var listing: ListingSnapshot
    public var subject: UUID { listing.id }
    public var aggregateVersion: Int64? { listing.version }
    public init(listing: ListingSnapshot) { self.listing = listing }
}

/// A later sighting found something changed.
public struct ListingUpdated: Event {
    public static let name = "catalog.listing.updated.v1"
    public var listing: ListingSnapshot
    /// Names of the columns that changed.
    public var changedFields: [String]
    public var subject: UUID { listing.id }
    public var aggregateVersion: Int64? { listing.version }
    public init(listing: ListingSnapshot, changedFields: [String]) {
        self.listing = listing
        self.changedFields = changedFields
    }
    enum CodingKeys: String, CodingKey {
        case listing
        case changedFields = "changed_fields"
    }
}

/// A listing fits a saved search: its relevance reached the threshold (0.6 unless set otherwise). Sent once per (listing, search).
public struct ListingMatched: Event {
    public static let name = "catalog.listing.matched.v1"
    public var listing: ListingSnapshot
    public var searchID: UUID
    public var searchName: String
    public var userID: UUID
    /// 0…1, and what each criterion added (`city`, `type`, `rent`, `rooms`).
    public var relevanceScore: Double
    public var shares: [String: Double]
    public var subject: UUID { listing.id }
    public init(listing: ListingSnapshot, searchID: UUID, searchName: String, userID: UUID, relevanceScore: Double, shares: [String: Double]) {
        self.listing = listing
        self.searchID = searchID
        self.searchName = searchName
        self.userID = userID
        self.relevanceScore = relevanceScore
        self.shares = shares
    }
    enum CodingKeys: String, CodingKey {
        case listing
        case searchID = "search_id"
        case searchName = "search_name"
        case userID = "user_id"
        case relevanceScore = "relevance_score"
        case shares
    }
}

/// What a message needs of a listing to be understood without asking `catalog`. Amounts per month in `currency`, area in square metres.
public struct ListingSnapshot: Codable, Sendable, Hashable {
    public var id: UUID
    public var provider: String
    public var providerListingID: String
    public var providerURL: String?
    public var title: String
    public var propertyType: String?
    public var street: String?
    public var houseNumber: String?
    public var postalCode: String?
    public var city: String?
    public var district: String?
    public var rentNetto: Decimal?
    public var rentBrutto: Decimal?
    public var currency: String
    public var rooms: Decimal?
    public var livingArea: Decimal?
    public var availableFrom: String?
    public var imageURL: String?
    public var version: Int64
    /// What listings of the same flat have in common, on whatever portal.
    public var homeID: UUID?

    public init(
        id: UUID, provider: String, providerListingID: String, providerURL: String?, title: String, propertyType: String?, street: String?,
        houseNumber: String?, postalCode: String?, city: String?, district: String?, rentNetto: Decimal?, rentBrutto: Decimal?, currency: String,
        rooms: Decimal?, livingArea: Decimal?, availableFrom: String?, imageURL: String?, version: Int64, homeID: UUID? = nil
    ) {
        self.id = id
        self.provider = provider
        self.providerListingID = providerListingID
        self.providerURL = providerURL
        self.title = title
        self.propertyType = propertyType
        self.street = street
        self.houseNumber = houseNumber
        self.postalCode = postalCode
        self.city = city
        self.district = district
        self.rentNetto = rentNetto
        self.rentBrutto = rentBrutto
        self.currency = currency
        self.rooms = rooms
        self.livingArea = livingArea
        self.availableFrom = availableFrom
        self.imageURL = imageURL
        self.version = version
        self.homeID = homeID
    }

    enum CodingKeys: String, CodingKey {
        case id, provider
        case providerListingID = "provider_listing_id"
        case providerURL = "provider_url"
        case title
        case propertyType = "property_type"
        case street
        case houseNumber = "house_number"
        case postalCode = "postal_code"
        case city, district
        case rentNetto = "rent_netto"
        case rentBrutto = "rent_brutto"
        case currency, rooms
        case livingArea = "living_area"
        case availableFrom = "available_from"
        case imageURL = "image_url"
        case version
        case homeID = "home_id"
    }
}
