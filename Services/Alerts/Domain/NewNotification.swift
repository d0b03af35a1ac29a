import Contracts
import Foundation

/// What is to be told, before it has a place in the inbox.
struct NewNotification: Encodable, Sendable {
    var id = UUID.v7()
    var userID: UUID
    /// One per person and thing: a second asking changes nothing.
    var subjectKey: String
    var type: NotificationType
    var title: String
    var message: String
    var data: [String: String]
    var actionURL: String?
    var category: NotificationCategory
    var listingID: UUID?
    /// The home that the listing belongs to: one of it is enough.
    var homeID: UUID?
    var priority = Priority.normal
    var tags: [String] = []
    /// When it comes into the inbox; at once when nil.
    var scheduledFor: Date?
    /// From then on it is of no use.
    var expiresAt: Date?

    enum CodingKeys: String, CodingKey {
        case id
        case userID = "user_id"
        case subjectKey = "subject_key"
        case type, title, message, data
        case actionURL = "action_url"
        case category
        case listingID = "listing_id"
        case homeID = "home_id"
        case priority, tags
        case scheduledFor = "scheduled_for"
        case expiresAt = "expires_at"
    }
}

extension NewNotification {
    /// A new home for one of a person's saved searches, in the person's language.
    init(_ match: ListingMatched, locale: String) {
        let listing = match.listing
        let words = ListingWords(listing, locale: locale)
        userID = match.userID
        subjectKey = "listing:\(listing.id.uuidString.lowercased())"
        type = .newListing
        listingID = listing.id
        homeID = listing.homeID
        // Measured as the columns are: a letter of many scalars must not make a match undeliverable.
        let name = listing.title.isEmpty ? words.summary : listing.title
        title = name.isEmpty ? listing.provider : String(String.UnicodeScalarView(name.unicodeScalars.prefix(255)))
        message = words.summary
        data = [
            "listing_id": listing.id.uuidString.lowercased(),
            "search_id": match.searchID.uuidString.lowercased(),
            "search_name": match.searchName,
            "relevance_score": String(match.relevanceScore),
            "provider": listing.provider,
        ]
        actionURL = listing.providerURL.flatMap { $0.unicodeScalars.count <= 2048 ? $0 : nil }
        category = .searchResults
        tags = [listing.provider]
    }
}
