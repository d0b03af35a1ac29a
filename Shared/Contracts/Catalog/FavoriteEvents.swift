import Foundation
import Messaging

/// A listing that somebody keeps has changed. Sent once per person and change; which one it was says the listing's version.
public struct FavoriteChanged: Event {
    public static let name = "catalog.favorite.changed.v1"
    public enum Change: String, Codable, Sendable {
        /// It asks for another price: `before` and `after` are there.
        case price
        /// It is on offer no more.
        case gone
        /// It is on offer again, or its home is by another listing, which `listing` then is.
        case back
    }
    public var favoriteID: UUID
    public var userID: UUID
    public var change: Change
    /// As it is now.
    public var listing: ListingSnapshot
    public var before: ListingPrice?
    public var after: ListingPrice?
    public var happenedAt: Date
    public var subject: UUID { favoriteID }
    public init(
        favoriteID: UUID, userID: UUID, change: Change, listing: ListingSnapshot, before: ListingPrice? = nil, after: ListingPrice? = nil,
        happenedAt: Date
    ) {
        self.favoriteID = favoriteID
        self.userID = userID
        self.change = change
        self.listing = listing
        self.before = before
        self.after = after
        self.happenedAt = happenedAt
    }
    enum CodingKeys: String, CodingKey {
        case favoriteID = "favorite_id"
        case userID = "user_id"
        case change, listing, before, after
        case happenedAt = "happened_at"
    }
}
