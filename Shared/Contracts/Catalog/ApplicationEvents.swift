import Foundation
import Messaging

/// A person's letter went out to whoever offers a home, whose sealed address was opened for it. Sent once per application.
public struct HomeApplicationSent: Event {
    public static let name = "catalog.home_application.sent.v1"
    public var applicationID: UUID
    /// Whose letter it is.
    public var userID: UUID
    public var listingID: UUID
    public var subject: UUID { applicationID }
    public init(applicationID: UUID, userID: UUID, listingID: UUID) {
        self.applicationID = applicationID
        self.userID = userID
        self.listingID = listingID
    }
    enum CodingKeys: String, CodingKey {
        case applicationID = "application_id"
        case userID = "user_id"
        case listingID = "listing_id"
    }
}
