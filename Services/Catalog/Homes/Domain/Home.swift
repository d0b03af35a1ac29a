import Foundation
import ServiceKit

/// A flat, with everything that offers it.
struct Home: Codable, Sendable {
    /// So many are shown, those seen last first.
    static let mostListings = 50

    var id: UUID
    var listings: [Listing]
}

/// Asks to make listings one home, or to make some of a home's listings another one.
struct HomeRulingBody: Decodable, Sendable, Validated {
    var ruling: HomeRuling.Kind
    var listingIDs: [UUID]
    var reason: String

    enum CodingKeys: String, CodingKey {
        case ruling
        case listingIDs = "listing_ids"
        case reason
    }

    func validate(_ check: inout Validation) {
        let least = ruling == .joined ? 2 : 1
        check((least...Home.mostListings).contains(listingIDs.count), "/listing_ids", "length", "must name \(least) to \(Home.mostListings) listings")
        check(Set(listingIDs).count == listingIDs.count, "/listing_ids", "repeated", "must name each listing once")
        check.text(reason, "/reason", maximum: 1000)
    }
}
