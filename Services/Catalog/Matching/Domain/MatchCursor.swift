import Foundation

/// Where a page of matches ended.
struct MatchCursor: Codable, Sendable {
    var relevanceScore: Decimal
    var listingID: UUID
}
