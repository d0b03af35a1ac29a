import Foundation
import Messaging

/// Listings were found to be one home, or not to be: they have another home id than before.
public struct HomeChanged: Event {
    public static let name = "catalog.home.changed.v1"
    public var homeID: UUID
    /// `joined`: the listings have come to this home. `split`: they have left another home for this one.
    public var change: String
    public var listingIDs: [UUID]
    /// The homes that they had.
    public var before: [UUID]
    /// `likeness`, `moderator`, `undone`
    public var reason: String
    /// How alike they are, when that decided: the logarithm (base 2) of the odds.
    public var likeness: Double?
    public var subject: UUID { homeID }
    public init(homeID: UUID, change: String, listingIDs: [UUID], before: [UUID], reason: String, likeness: Double?) {
        self.homeID = homeID
        self.change = change
        self.listingIDs = listingIDs
        self.before = before
        self.reason = reason
        self.likeness = likeness
    }
    enum CodingKeys: String, CodingKey {
        case homeID = "home_id"
        case change
        case listingIDs = "listing_ids"
        case before, reason, likeness
    }
}
